"""Forms of shocks: keys, meanings, limits and valid names, out of the models that check the files."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, get_args

from pydantic import BaseModel

from sogdia.case.shocks import AnyShock
from sogdia.codes import ALL_GOODS, ANY, HOME
from sogdia.region import Region
from sogdia.web.models import Answer

Input = Literal["text", "number", "integer", "choice", "choices", "names", "name"]
VOCABULARIES: Final[Mapping[str, str]] = {
    "places": "places", "place_kinds": "place_kinds", "links": "links", "territories": "parties",
    "borders": "borders", "corridors": "corridors", "users": "users", "scopes": "scopes", "cargos": "cargos",
    "exporters": "economies", "importers": "economies", "commodities": "commodities", "senders": "senders",
    "targets": "senders", "level": "levels", "secondary": "homes", "partner": "senders", "homes": "homes",
    "plants": "plants", "carriers": "carriers", "economies": "economies",
}  # fmt: skip
"""Lists of names by the key of a shock that takes them."""
HIDDEN: Final = ("kind", "source")


class NamedValue(Answer):
    """A valid name with its text for readers."""

    value: str
    label: str


class KeyForm(Answer):
    """A key of a shock."""

    key: str
    input: Input
    meaning: str
    is_required: bool
    choices: tuple[str, ...] = ()
    vocabulary: str = ""
    minimum: float | None = None
    maximum: float | None = None
    default: Any = None


class ShockForm(Answer):
    """A kind of shock."""

    kind: str
    title: str
    keys: tuple[KeyForm, ...]


class ScenarioForms(Answer):
    """Every kind of shock, and the names that are valid in the region."""

    shocks: tuple[ShockForm, ...]
    vocabularies: Mapping[str, tuple[NamedValue, ...]]
    years: tuple[int, ...]
    variants: tuple[NamedValue, ...]


def scenario_forms(region: Region) -> ScenarioForms:
    """Return the forms of all shocks for a region."""
    variants = region.table("variants")
    return ScenarioForms(
        shocks=tuple(_shock_form(kind) for kind in get_args(get_args(AnyShock)[0])),
        vocabularies=_vocabularies(region),
        years=region.years,
        variants=_named(zip(variants.index, variants["title"], strict=True)),
    )


def _shock_form(model: type[BaseModel]) -> ShockForm:
    schema = model.model_json_schema()
    required = schema.get("required", ())
    meanings: dict[str, str] = {}
    for base in reversed(model.__mro__):
        meanings |= _meanings(base.__doc__ or "") if issubclass(base, BaseModel) else {}
    keys = sorted(schema["properties"].items(), key=lambda item: item[0] == "reason")
    return ShockForm(
        kind=str(model.model_fields["kind"].default),
        title=(inspect.getdoc(model) or "").split("\n", maxsplit=1)[0].rstrip(".").replace("``", ""),
        keys=tuple(
            _key_form(name, declared, meanings.get(name, ""), is_required=name in required)
            for name, declared in keys
            if name not in HIDDEN
        ),
    )


def _key_form(key: str, declared: Mapping[str, Any], meaning: str, *, is_required: bool) -> KeyForm:
    items = declared.get("items", {})
    choices = tuple(declared.get("enum", items.get("enum", ())))
    vocabulary = VOCABULARIES.get(key, "")
    lowest = declared.get("minimum", declared.get("exclusiveMinimum"))
    highest = declared.get("maximum", declared.get("exclusiveMaximum"))
    return KeyForm(
        key=key, input=_input(declared, choices, vocabulary), meaning=meaning, is_required=is_required,
        choices=choices, vocabulary=vocabulary, minimum=lowest, maximum=highest,
        default=declared.get("default"),
    )  # fmt: skip


def _input(declared: Mapping[str, Any], choices: tuple[str, ...], vocabulary: str) -> Input:
    if declared.get("type") == "array":
        return "choices" if choices else "names"
    if declared.get("type") in ("number", "integer"):
        return "integer" if declared["type"] == "integer" else "number"
    return "choice" if choices else "name" if vocabulary else "text"


def _meanings(docstring: str) -> dict[str, str]:
    """Return the meaning of each attribute that a docstring lists."""
    _, _, block = inspect.cleandoc(docstring).partition("Attributes:\n")
    found = re.findall(r"^    (\w+): (.*(?:\n        .*)*)", block, re.MULTILINE)
    return {name: re.sub(r"\s+", " ", text).replace("``", "") for name, text in found}


def _vocabularies(region: Region) -> dict[str, tuple[NamedValue, ...]]:
    places, links, parties = region.table("places"), region.table("links"), region.table("parties")
    names = places["name"].to_dict()
    party = {str(code): str(name) for code, name in zip(parties["code"], parties["name"], strict=True)}
    ends = zip(links.index, links["from"], links["to"], links["mode"], strict=True)
    economies = [(str(code), str(party.get(code, code))) for code in region.table("economies")["iso3"]]
    partners = region.table("partners")["name"].items()
    plants = region.table("plants")
    return {
        "places": _named((key, f"{name} ({iso3})") for key, name, iso3 in zip(
            places.index, places["name"], places["iso3"], strict=True)),
        "place_kinds": _plain(places["kind"]),
        "links": _named((key, f"{names[a]} – {names[b]}, {mode}") for key, a, b, mode in ends),
        "parties": _named(party.items()),
        "borders": _borders(region, party),
        "corridors": _plain(links["corridor"]),
        "users": _named([(ANY, "all users"), (HOME, "trade of the region"), *economies]),
        "scopes": _plain(region.table("rates")["scope"]),
        "cargos": _plain(region.table("rates")["cargo"]),
        "economies": _named(economies),
        "commodities": _named([(ALL_GOODS, "all goods"), *region.table("commodities")["name"].items()]),
        "senders": _named([*partners, *party.items()]),
        "levels": _plain(region.table("pressure_levels").index, sort=False),
        "homes": _named((code, party.get(code, code)) for code in region.home),
        "plants": _named(zip(plants.index, plants["name"], strict=True)),
        "carriers": _plain(region.table("power_costs")["carrier"]),
    }  # fmt: skip


def _borders(region: Region, party: Mapping[str, str]) -> tuple[NamedValue, ...]:
    """Return the borders that freight crosses, ``A/B`` in alphabetical order, with the crossing places."""
    crossings, names = region.table("crossings"), region.table("places")["name"]
    found: dict[str, dict[str, None]] = {}
    for place, a, b in zip(crossings["place"], crossings["from_iso3"], crossings["to_iso3"], strict=True):
        found.setdefault("/".join(sorted((a, b))), {})[str(names[place])] = None
    rows = []
    for border, at in sorted(found.items()):
        sides = " – ".join(str(party.get(code, code)) for code in border.split("/"))
        rows.append((border, f"{sides}: {', '.join(at)}"))
    return _named(rows)


def _named(rows: Iterable[tuple[Any, Any]]) -> tuple[NamedValue, ...]:
    return tuple(NamedValue(value=str(value), label=str(label)) for value, label in rows)


def _plain(values: Iterable[Any], *, sort: bool = True) -> tuple[NamedValue, ...]:
    unique = dict.fromkeys(str(value) for value in values if value == value and value not in ("", None))
    return tuple(NamedValue(value=value, label=value) for value in (sorted(unique) if sort else unique))
