"""Transit income: what a country keeps of the charges on transit freight, less the avoidable cost."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools, Floats, Longs
from sogdia.errors import InputError
from sogdia.freight.results import FreightResult
from sogdia.freight.supernetwork.arcs import ACCESS, CROSSING, HAUL, TRANSFER
from sogdia.freight.supernetwork.constants import PER_CENT
from sogdia.freight.supernetwork.loads import CARGO_TYPES
from sogdia.freight.tables import TRANSIT_INCOME
from sogdia.units import USD_PER_MUSD

LINE_HAUL, BORDER, TERMINAL, ANY = "line_haul", "border", "terminal", "any"
KINDS = {LINE_HAUL: (HAUL,), BORDER: (CROSSING,), TERMINAL: (TRANSFER, ACCESS)}
"""Kinds of arc on which a charge is paid."""
MONEY = ("charges", "receipts", "avoidable", "income", "income_low", "income_high")
QUANTITIES = ("tonnes", "tonne_km", *MONEY)


@dataclass(frozen=True)
class TransitCost:
    """Shares of a charge: what the country keeps, and the avoidable cost over that.

    Attributes:
        retained: Share of the charge that the country keeps.
        retained_low: Its low value.
        retained_high: Its high value.
        avoidable: Avoidable cost over receipts.
        avoidable_low: Its low value.
        avoidable_high: Its high value.
    """

    retained: float
    retained_low: float
    retained_high: float
    avoidable: float
    avoidable_low: float
    avoidable_high: float

    def incomes(self) -> tuple[float, float, float]:
        """Return income over charges: at the middle, low and high values."""
        return (
            self.retained * (1.0 - self.avoidable),
            self.retained_low * (1.0 - self.avoidable_high),
            self.retained_high * (1.0 - self.avoidable_low),
        )

    def split(self, charges: Floats) -> dict[str, Floats]:
        """Return receipts, avoidable cost and income of charges, by the names of ``MONEY``."""
        receipts, (income, low, high) = charges * self.retained, self.incomes()
        return {
            "charges": charges,
            "receipts": receipts,
            "avoidable": receipts * self.avoidable,
            "income": charges * income,
            "income_low": charges * low,
            "income_high": charges * high,
        }


class TransitCosts:
    """Look-up of the table ``transit_costs``.

    The row of the country and mode holds, then that of the country, of the mode, and of ``any``.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        fields = [f"{name}_pct" for name in ("retained", "retained_low", "retained_high")]
        fields += [f"{name}_pct" for name in ("avoidable", "avoidable_low", "avoidable_high")]
        shares = (table[fields].to_numpy(dtype=np.float64) / PER_CENT).tolist()
        keys = zip(table["charge"], table["mode"], table["iso3"], strict=True)
        self._costs = {key: TransitCost(*row) for key, row in zip(keys, shares, strict=True)}

    def holds(self, charge: str, mode: str, territory: str) -> bool:
        """Return true if a row holds."""
        return any(key in self._costs for key in _keys(charge, mode, territory))

    def find(self, charge: str, mode: str, territory: str) -> TransitCost:
        """Return the shares of a charge on a mode in a territory.

        Raises:
            InputError: If no row holds.
        """
        for key in _keys(charge, mode, territory):
            if key in self._costs:
                return self._costs[key]
        raise InputError(
            f"transit_costs.csv: no row of charge {charge} holds for mode {mode} in {territory}; "
            f"add the row {charge}/{mode}/{ANY}"
        )


def _keys(charge: str, mode: str, territory: str) -> Iterator[tuple[str, str, str]]:
    """Yield the rows that may hold, the most specific first."""
    for party in (territory, ANY):
        for name in (mode, ANY):
            yield charge, name, party


def transit_income(freight: FreightResult) -> pd.DataFrame:
    """Return the income of home countries from freight that passes without starting or ending in them.

    Charges ``m`` of arc a on cargo type c are those the freight pays, at the flow ``v`` of transit:
    ``charges = Σ_a v_ac m_ac``, ``receipts = retained · charges``, ``income = receipts · (1 − avoidable)``,
    with both shares from the table ``transit_costs``. The low income is at the low share retained and the
    high avoidable cost, the high income the reverse. Pipelines are not included.

    Returns:
        The columns of :data:`sogdia.freight.tables.TRANSIT_INCOME`; no rows if ``transit_costs`` has none.

    Raises:
        InputError: If no row of ``transit_costs`` holds for a charge that transit freight pays.
    """
    table = freight.supernetwork.case.table("transit_costs")
    if table.empty:
        return TRANSIT_INCOME.frame(())
    costs, passing = TransitCosts(table), _Passing(freight)
    rows: list[tuple[object, ...]] = []
    groups = [group for territory in passing.homes for group in passing.groups(territory)]
    tonnes = passing.each_tonnes([group for group in groups if group.charge != BORDER])
    sums: dict[tuple[str, str], dict[str, Floats]] = {}
    for group in groups:
        name = TERMINAL if group.charge == TERMINAL else group.mode
        of_mode = sums.setdefault(
            (group.territory, name), {each: np.zeros(len(CARGO_TYPES)) for each in QUANTITIES}
        )
        if group.charge != BORDER:
            of_mode["tonnes"] += next(tonnes)
        if group.charge == LINE_HAUL:
            of_mode["tonne_km"] += passing.tonne_km(group.arcs)
        charges = passing.charges(group.arcs)
        if charges.any():
            cost = costs.find(group.charge, group.mode, group.territory)
            for each, amounts in cost.split(charges).items():
                of_mode[each] += amounts
    for (territory, mode), of_mode in sorted(sums.items()):
        rows += _rows(territory, mode, of_mode)
    return TRANSIT_INCOME.frame(rows)


INCOMES = ("income_musd", "income_low_musd", "income_high_musd")
"""Income at the middle, low and high values of ``transit_costs``."""


def transit_income_sums(freight: FreightResult, without: Collection[str] = ()) -> pd.DataFrame:
    """Return the transit income of each home country over all modes and cargo types, USD million a year.

    The sums of :func:`transit_income`, from one weight of each arc instead of a table.

    Args:
        freight: Freight of a case.
        without: Parties whose exports and imports do not count, such as those that have withdrawn.

    Returns:
        :data:`INCOMES` by home country; 0 if ``transit_costs`` has no rows.

    Raises:
        InputError: If no row of ``transit_costs`` holds for a charge that transit freight pays.
    """
    case = freight.supernetwork.case
    homes = sorted(case.region.home)
    sums = pd.DataFrame(0.0, index=pd.Index(homes, name="territory"), columns=list(INCOMES))
    if case.table("transit_costs").empty:
        return sums
    costs, passing = TransitCosts(case.table("transit_costs")), _Passing(freight, without)
    for territory in homes:
        weights = np.zeros((len(INCOMES), passing.arcs))
        for charge, mode, _, arcs in passing.groups(territory):
            if costs.holds(charge, mode, territory) or passing.charges(arcs).any():
                weights[:, arcs] = np.array(costs.find(charge, mode, territory).incomes())[:, None]
        for name, weight in zip(INCOMES, weights, strict=True):
            sums.loc[territory, name] = passing.charges(weight).sum() / USD_PER_MUSD
    return sums


def _rows(territory: str, mode: str, sums: Mapping[str, Floats]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a territory and mode with freight or charges, money in USD million."""
    for c, cargo in enumerate(CARGO_TYPES):
        if sums["tonnes"][c] > 0.0 or sums["charges"][c] > 0.0:
            money = (float(sums[name][c]) / USD_PER_MUSD for name in MONEY)
            yield (territory, mode, cargo, float(sums["tonnes"][c]), float(sums["tonne_km"][c]), *money)


class _Group(NamedTuple):
    """Arcs of a territory on which a charge is paid; those of terminals have mode ``any``."""

    charge: str
    mode: str
    territory: str
    arcs: Bools


class _Passing:
    """Transit freight through the home countries of an assignment as arrays, by cargo type.

    Flows of rows that neither start nor end in the country that an arc is in, times lengths and charges, are
    summed over the classes of a cargo type once, so that a group of arcs is a sum.

    Attributes:
        homes: The home countries, sorted.
        arcs: Number of arcs.
    """

    def __init__(self, freight: FreightResult, without: Collection[str] = ()) -> None:
        demand, supernetwork = freight.result.demand, freight.supernetwork
        self._loading, self._table = freight.result.loading, freight.result.network.arcs
        self.homes, self.arcs = sorted(supernetwork.case.region.home), len(self._table)
        rows = supernetwork.identified(demand)
        is_out = rows["exporter"].isin(list(without)) | rows["importer"].isin(list(without))
        is_passing = np.array(
            [rows["exporter"].ne(home) & rows["importer"].ne(home) & ~is_out for home in self.homes], bool
        )
        flow = rows["flow"].to_numpy(dtype=np.float64)
        self._flow = flow * is_passing.reshape(len(self.homes), flow.size)
        cargo = supernetwork.case.table("commodities")["cargo"].to_dict()
        of_class = [str(cargo[name]) for name in supernetwork.commodities_of(demand.classes)]
        cargo_of_class = np.array([CARGO_TYPES.index(name) for name in of_class])
        class_of_row, labels = demand.codes[2]
        number = {name: k for k, name in enumerate(demand.classes)}
        self._cargo: Longs = cargo_of_class[np.array([number[name] for name in labels])][class_of_row]
        area = pd.Index(self.homes).get_indexer(pd.Index(self._table["territory"])).astype(np.int32)
        flows = self._loading.flows_by_area(np.ascontiguousarray(self._flow.T), area)
        is_cargo = (cargo_of_class == np.arange(len(CARGO_TYPES))[:, None]).astype(np.float64)
        self._tonne_km = (is_cargo @ flows) * self._table["length_km"].to_numpy(dtype=np.float64)
        self._charges = is_cargo @ (flows * supernetwork.charges)
        self._is_used = freight.result.flows.sum(axis=0) > 0.0

    def groups(self, territory: str) -> Iterator[_Group]:
        """Yield the groups of arcs with flow in a territory."""
        is_own = self._table["territory"].eq(territory).to_numpy(dtype=bool) & self._is_used
        for charge, kinds in KINDS.items():
            is_kind = is_own & self._table["kind"].isin(kinds).to_numpy(dtype=bool)
            if charge == TERMINAL:
                if is_kind.any():
                    yield _Group(charge, ANY, territory, is_kind)
                continue
            for mode in sorted(set(self._table.loc[is_kind, "mode"])):
                is_mode = is_kind & self._table["mode"].eq(mode).to_numpy(dtype=bool)
                yield _Group(charge, str(mode), territory, is_mode)

    def each_tonnes(self, groups: Sequence[_Group]) -> Iterator[Floats]:
        """Yield the transit freight that uses at least one of the arcs of each group, t/a, (C,)."""
        sets = np.array([group.arcs for group in groups], dtype=bool).reshape(len(groups), self.arcs)
        for group, share in zip(groups, self._loading.each_share(sets), strict=True):
            tonnes = share * self._flow[self.homes.index(group.territory)]
            yield np.bincount(self._cargo, weights=tonnes, minlength=len(CARGO_TYPES)).astype(np.float64)

    def tonne_km(self, arcs: Bools) -> Floats:
        """Return line-haul of transit freight on the arcs, tkm/a, (C,)."""
        return np.asarray(self._tonne_km @ arcs.astype(np.float64))

    def charges(self, arcs: Bools | Floats) -> Floats:
        """Return charges on transit freight on the arcs, times their weights, USD a year, (C,)."""
        return np.asarray(self._charges @ arcs.astype(np.float64))
