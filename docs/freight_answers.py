"""Print the headline answers of the freight page: tonnes of the model next to published figures.

Run as ``python docs/freight_answers.py``. It assigns the base year as observed and 2030 under the committed
projects, and writes the rows of two Markdown tables.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

import sogdia
from sogdia.api.freight import FreightRun

BASE_YEAR, LATER = 2023, 2030
MT = 1e6
DOSTYK, ALTYNKOL = "rail_alashankou_dostyk", "rail_khorgos_cn_altynkol"
CASPIAN = ("ferry_aktau_alat", "ferry_kuryk_alat", "ferry_turkmenbashi_alat")
UZBEK_RAIL = ("rail_saryagash_tashkent", "rail_beyneu_karakalpakia")
NEW_RAILWAY = ("rail_torugart_arpa",)


@dataclass(frozen=True)
class Answer:
    """A row of the table: what is counted, and how the run gives it.

    Attributes:
        text: What is counted.
        read: Returns the model's figure, in Mt a year.
        published: Published figure, with its year and definition.
    """

    text: str
    read: Callable[[FreightRun], float]
    published: str


def on_links(*links: str) -> Callable[[FreightRun], float]:
    """Return a reader of the tonnes on links, both directions together, Mt a year."""

    def read(run: FreightRun) -> float:
        table = run.tables["links"].set_index("link")
        return float(table["tonnes"].reindex(list(links)).fillna(0.0).sum()) / MT

    return read


def border(place: str, mode: str) -> Callable[[FreightRun], float]:
    """Return a reader of the tonnes at the border crossings of a place by a mode, Mt a year."""

    def read(run: FreightRun) -> float:
        table = run.tables["stations"]
        own = (table["place"] == place) & (table["kind"] == "crossing") & (table["mode"] == mode)
        return float(table.loc[own, "tonnes"].sum()) / MT

    return read


def transit_of(territory: str) -> Callable[[FreightRun], float]:
    """Return a reader of freight in transit by rail, Mt a year."""

    def read(run: FreightRun) -> float:
        table = run.tables["transit_income"]
        own = (table["territory"] == territory) & (table["mode"] == "rail")
        return float(table.loc[own, "tonnes"].sum()) / MT

    return read


def at_place(place: str, mode: str) -> Callable[[FreightRun], float]:
    """Return a reader of the tonnes on the links of a mode that end at a place, Mt a year."""

    def read(run: FreightRun) -> float:
        links = run.tables["links"]
        own = (links["mode"] == mode) & ((links["from"] == place) | (links["to"] == place))
        return float(links.loc[own, "tonnes"].sum()) / MT

    return read


ANSWERS = (
    Answer("Kazakhstan–China by rail, both borders", on_links(DOSTYK, ALTYNKOL), "28 (2023)"),
    Answer("of it Dostyk", on_links(DOSTYK), "9.2 in seven months of 2023, about 16 a year"),
    Answer("of it Altynkol (Khorgos)", on_links(ALTYNKOL), "7.0 in seven months of 2023, about 12 a year"),
    Answer("Kazakhstan–Uzbekistan by rail", on_links(*UZBEK_RAIL), "31 (2023)"),
    Answer("Transit of Kazakhstan by rail", transit_of("KAZ"), "27 (2023)"),
    Answer("Transit of Uzbekistan by rail", transit_of("UZB"), "9.1 (2023)"),
    Answer("Ships between Aktau, Kuryk and Alat", on_links(*CASPIAN[:2]), "2.8 (2023), the route's operator"),
    Answer("Ships between Turkmenbashi and Alat", on_links(CASPIAN[2]), "3.4 (2022), all ports of both"),
    Answer("Port of Baku (Alat), all ships", at_place("alat", "ferry"), "7.3 (2023)"),
    Answer(
        "China–Kyrgyzstan–Uzbekistan railway", on_links(*NEW_RAILWAY), "3.5 first phase, 5 to 15 promoters"
    ),
)


def rows(base: FreightRun, later: FreightRun) -> Iterable[str]:
    """Yield the rows of the table in Markdown."""
    for answer in ANSWERS:
        yield f"| {answer.text} | {answer.read(base):.1f} | {answer.read(later):.1f} | {answer.published} |"


def users_of(run: FreightRun, links: tuple[str, ...], most: int = 8) -> pd.Series:
    """Return the largest flows on links by exporter, importer and commodity, Mt a year."""
    freight = run.result
    mask = freight.supernetwork.network.arcs["link_id"].isin(links).to_numpy()
    table = freight.supernetwork.identified(freight.result.demand)
    table["mt"] = freight.result.select(mask)["selected"].to_numpy() / MT
    flows = table.groupby(["exporter", "importer", "commodity"], observed=True)["mt"].sum()
    return flows.sort_values(ascending=False).head(most)


def main() -> None:
    """Write both tables to standard output."""
    base = sogdia.run_freight(plan="as_is", year=BASE_YEAR)
    later = sogdia.run_freight(plan="committed", year=LATER)
    lines = [f"| Mt a year | {BASE_YEAR} | {LATER}, committed | published |", "|:--|--:|--:|:--|"]
    lines += rows(base, later)
    lines += ["", "Largest flows on the new railway, Mt a year:"]
    lines.append(users_of(later, NEW_RAILWAY).round(3).to_string())
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
