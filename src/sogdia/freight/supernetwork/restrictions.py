"""Who may not pass where: restrictions on the trade of some economies, as classes of goods.

Goods of a pair of economies fall under the restrictions that name either of them, or ``home`` where
either belongs to the region. Pairs under the same restrictions travel as one class.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools
from sogdia.case import Case

ANY, HOME = "any", "home"
FREE = ""


class Bans:
    """Restrictions in force in a case's year, and the classes they make."""

    def __init__(self, case: Case, arcs: pd.DataFrame, country: Mapping[str, str]) -> None:
        rows = case.table("restrictions")
        begun = (rows["from_year"] <= case.year).fillna(False)
        going = begun & (rows["to_year"].isna() | (rows["to_year"] >= case.year).fillna(False))
        self._rows = rows[going & (rows["users"] != ANY)]
        self._size = len(arcs)
        self._home = set(case.region.home)
        self._masks = {str(key): _mask(row, arcs, country) for key, row in self._rows.iterrows()}

    def classes(
        self, exporters: Iterable[str], importers: Iterable[str], commodities: Iterable[str]
    ) -> list[str]:
        """Class of each flow: its commodity, and the restrictions its pair is under."""
        profiles: dict[tuple[str, str], str] = {}
        names = []
        for exporter, importer, commodity in zip(exporters, importers, commodities, strict=True):
            pair = (exporter, importer)
            if pair not in profiles:
                profiles[pair] = self._profile(pair)
            names.append(f"{commodity}|{profiles[pair]}" if profiles[pair] else commodity)
        return names

    def _profile(self, pair: tuple[str, str]) -> str:
        sides = {*pair, HOME} if self._home & set(pair) else set(pair)
        named = zip(self._rows.index, self._rows["users"], strict=True)
        return "+".join(sorted(str(key) for key, user in named if user in sides))

    def meaning(self, name: str) -> tuple[str, str]:
        """Commodity and restrictions of a class."""
        commodity, _, profile = name.partition("|")
        return commodity, profile

    def barred(self, profile: str) -> Bools:
        """Arcs that goods under these restrictions may not use, (A,)."""
        masks = [self._masks[key] for key in profile.split("+") if key]
        return np.logical_or.reduce(masks) if masks else np.zeros(self._size, dtype=np.bool_)


def _mask(row: pd.Series, arcs: pd.DataFrame, country: Mapping[str, str]) -> Bools:
    """Arcs of the network that a restriction names."""
    carried = arcs["kind"].isin(["haul", "crossing"]).to_numpy(dtype=bool)
    if row["mode"] != ANY:
        carried = carried & (arcs["mode"] == row["mode"]).to_numpy(dtype=bool)
    first = arcs["from"].map(lambda node: _land(node, country))
    second = arcs["to"].map(lambda node: _land(node, country))
    subject = str(row["subject"])
    if row["scope"] == "territory":
        named = (first == subject) | (second == subject)
    elif row["scope"] == "border":
        pair = set(subject.split("/"))
        named = pd.Series([{a, b} == pair for a, b in zip(first, second, strict=True)])
    elif row["scope"] == "place":
        named = arcs["from"].map(_place).eq(subject) | arcs["to"].map(_place).eq(subject)
    else:
        named = arcs["rows"].str.split(";").map(lambda rows: f"links/{subject}" in rows)
    return np.asarray(named.to_numpy(dtype=bool) & carried)


def _place(node: str) -> str:
    """Place of a node; of the middle of a border link, the place it leads to."""
    if ">" in node:
        return node.split(">")[1].split("#")[0]
    return node.removeprefix("zone ").split("/")[0]


def _land(node: str, country: Mapping[str, str]) -> str:
    return country.get(_place(node), "")
