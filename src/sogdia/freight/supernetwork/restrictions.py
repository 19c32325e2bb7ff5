"""Restrictions on the trade of some economies, and the user classes.

Goods of a pair of economies fall under the restrictions that name either of them, or ``home`` where either
belongs to the region; those on one ``side`` of trade, where they name the exporter or the importer. Pairs
under the same restrictions, and in transit in the same of the territories with a rate of transit for their
cargo, travel as one class by each rail service.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools
from sogdia.case import Case
from sogdia.codes import ANY, EXPORT, HOME, IMPORT
from sogdia.freight.supernetwork.arcs import CROSSING, HAUL
from sogdia.freight.supernetwork.charges import tariff_profile, transit_territories
from sogdia.freight.supernetwork.services import RailServices


@dataclass(frozen=True, slots=True)
class FreightClass:
    """A user class: a commodity and the restrictions its pair of economies is under.

    Attributes:
        commodity: The commodity.
        restrictions: Keys of the restrictions, sorted.
        tariff_profile: Territories with a rate of transit in which the pair trades.
        service: Rail service by which the pair's goods go; empty for the fastest.
    """

    commodity: str
    restrictions: tuple[str, ...] = ()
    tariff_profile: str = ""
    service: str = ""

    @property
    def restriction_profile(self) -> str:
        """Name of the set of restrictions; empty where there is none."""
        return "+".join(self.restrictions)

    @property
    def label(self) -> str:
        """Name for readers, unique in a demand."""
        return class_label(self.commodity, self.restriction_profile, self.tariff_profile, self.service)


def class_label(commodity: str, restriction_profile: str, tariff_profile: str, service: str) -> str:
    """Return the label of a class from what identifies it."""
    return "|".join((commodity, restriction_profile, tariff_profile, service)).rstrip("|")


CLASS_COLUMNS = ("commodity", "restriction_profile", "tariff_profile", "service")


def class_table(
    commodities: Iterable[str],
    restriction_profiles: Iterable[str],
    tariff_profiles: Iterable[str],
    services: Iterable[str],
) -> pd.DataFrame:
    """Return classes as a table indexed by label, with the columns :data:`CLASS_COLUMNS`."""
    rows = list(zip(commodities, restriction_profiles, tariff_profiles, services, strict=True))
    columns = {name: pd.Series([row[n] for row in rows], dtype="str") for n, name in enumerate(CLASS_COLUMNS)}
    labels = pd.Index([class_label(*row) for row in rows], dtype="str", name="class")
    return pd.DataFrame(columns).set_axis(labels)


class Restrictions:
    """Restrictions in force in the year of a case, and the classes they create.

    Restrictions on the users ``any`` are not in it: they close rows of the case's tables instead.
    """

    def __init__(
        self,
        case: Case,
        arcs: pd.DataFrame,
        nodes: pd.DataFrame,
        country: Mapping[str, str],
        services: RailServices,
    ) -> None:
        rows = case.table("restrictions")
        has_begun = (rows["from_year"] <= case.year).fillna(False)
        is_in_force = has_begun & (rows["to_year"].isna() | (rows["to_year"] >= case.year).fillna(False))
        named = rows[is_in_force & (rows["users"] != ANY)]
        sides = named["side"].fillna(ANY)
        self._users = [
            (str(key), str(user), str(side))
            for key, user, side in zip(named.index, named["users"], sides, strict=True)
        ]
        self._size = len(arcs)
        self._home = set(case.region.home)
        self._cargo = case.table("commodities")["cargo"].to_dict()
        self._transit = transit_territories(arcs)
        self._services = services
        places = (_places(arcs["from"], nodes), _places(arcs["to"], nodes))
        self._masks = {str(key): _mask(row, arcs, places, country) for key, row in named.iterrows()}

    def classes(
        self, exporters: Iterable[str], importers: Iterable[str], commodities: Iterable[str]
    ) -> list[FreightClass]:
        """Return the class of each flow."""
        by_pair: dict[tuple[str, str], tuple[str, ...]] = {}
        classes = []
        for exporter, importer, commodity in zip(exporters, importers, commodities, strict=True):
            pair = (exporter, importer)
            if pair not in by_pair:
                by_pair[pair] = self._restrictions_on(pair)
            cargo = self._cargo[commodity]
            tariff = tariff_profile(pair, self._transit[cargo])
            service = self._services.service_of(exporter, importer, cargo)
            classes.append(FreightClass(commodity, by_pair[pair], tariff, service))
        return classes

    def _restrictions_on(self, pair: tuple[str, str]) -> tuple[str, ...]:
        exporters, importers = ({name, HOME} if name in self._home else {name} for name in pair)
        users = {EXPORT: exporters, IMPORT: importers, ANY: exporters | importers}
        return tuple(sorted(key for key, user, side in self._users if user in users[side]))

    def barred(self, freight_class: FreightClass) -> Bools:
        """Return the arcs that a class may not use because of its restrictions, (A,)."""
        masks = [self._masks[key] for key in freight_class.restrictions]
        return np.logical_or.reduce(masks) if masks else np.zeros(self._size, dtype=np.bool_)


def _places(labels: pd.Series, nodes: pd.DataFrame) -> pd.Series:
    """Return the place of each node."""
    return nodes["place"].reindex(labels).reset_index(drop=True)


def _mask(
    row: pd.Series, arcs: pd.DataFrame, places: tuple[pd.Series, pd.Series], country: Mapping[str, str]
) -> Bools:
    """Return the arcs of the network that a restriction names, (A,)."""
    carries = arcs["kind"].isin([HAUL, CROSSING]).to_numpy(dtype=bool)
    if row["mode"] != ANY:
        carries = carries & (arcs["mode"] == row["mode"]).to_numpy(dtype=bool)
    subject = str(row["subject"])
    if row["scope"] == "link":
        return np.asarray(arcs["link_id"].eq(subject).to_numpy(dtype=bool) & carries)
    start, end = places
    if row["scope"] == "place":
        named = start.eq(subject) | end.eq(subject)
    else:
        first, second = (place.map(country).fillna("") for place in places)
        if row["scope"] == "territory":
            named = first.eq(subject) | second.eq(subject)
        else:
            pair = set(subject.split("/"))
            named = pd.Series([{a, b} == pair for a, b in zip(first, second, strict=True)])
    return np.asarray(named.to_numpy(dtype=bool) & carries)
