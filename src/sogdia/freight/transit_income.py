"""Transit income: what a country keeps of the charges on transit freight, less the avoidable cost."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

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
    for territory in sorted(freight.supernetwork.case.region.home):
        modes: dict[str, dict[str, Floats]] = {}
        for charge, mode, arcs in passing.groups(territory):
            name = TERMINAL if charge == TERMINAL else mode
            sums = modes.setdefault(name, {each: np.zeros(len(CARGO_TYPES)) for each in QUANTITIES})
            if charge != BORDER:
                sums["tonnes"] += passing.tonnes(territory, arcs)
            if charge == LINE_HAUL:
                sums["tonne_km"] += passing.tonne_km(territory, arcs)
            charges = passing.charges(territory, arcs)
            if charges.any():
                for each, amounts in costs.find(charge, mode, territory).split(charges).items():
                    sums[each] += amounts
        rows += _rows(territory, modes)
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
        for charge, mode, arcs in passing.groups(territory):
            if costs.holds(charge, mode, territory) or passing.charges(territory, arcs).any():
                weights[:, arcs] = np.array(costs.find(charge, mode, territory).incomes())[:, None]
        for name, weight in zip(INCOMES, weights, strict=True):
            sums.loc[territory, name] = passing.charges(territory, weight).sum() / USD_PER_MUSD
    return sums


def _rows(territory: str, modes: Mapping[str, Mapping[str, Floats]]) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a territory with freight or charges, money in USD million."""
    for mode, sums in sorted(modes.items()):
        for c, cargo in enumerate(CARGO_TYPES):
            if sums["tonnes"][c] > 0.0 or sums["charges"][c] > 0.0:
                money = (float(sums[name][c]) / USD_PER_MUSD for name in MONEY)
                yield (territory, mode, cargo, float(sums["tonnes"][c]), float(sums["tonne_km"][c]), *money)


class _Passing:
    """Transit freight of an assignment as arrays, summed by cargo type."""

    def __init__(self, freight: FreightResult, without: Collection[str] = ()) -> None:
        demand, supernetwork = freight.result.demand, freight.supernetwork
        cargo = supernetwork.case.table("commodities")["cargo"].to_dict()
        class_of_row, labels = demand.codes[2]
        cargos = [str(cargo[name]) for name in supernetwork.commodities_of(labels)]
        self._result = freight.result
        self._arcs = freight.result.network.arcs
        self._rows = supernetwork.identified(demand)
        self._flow = self._rows["flow"].to_numpy(dtype=np.float64)
        self._cargo: Longs = np.array([CARGO_TYPES.index(name) for name in cargos])[class_of_row]
        self._usd = supernetwork.charges
        lengths = self._arcs["length_km"].to_numpy(dtype=np.float64)
        self._km = np.repeat(lengths[None, :], len(demand.classes), axis=0)
        self._is_used = freight.result.flows.sum(axis=0) > 0.0
        is_out = self._rows["exporter"].isin(list(without)) | self._rows["importer"].isin(list(without))
        self._counts = ~is_out

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return len(self._arcs)

    def groups(self, territory: str) -> Iterator[tuple[str, str, Bools]]:
        """Yield charge, mode and arcs with flow in a territory; terminals have mode ``any``."""
        is_own = self._arcs["territory"].eq(territory).to_numpy(dtype=bool) & self._is_used
        for charge, kinds in KINDS.items():
            is_kind = is_own & self._arcs["kind"].isin(kinds).to_numpy(dtype=bool)
            if charge == TERMINAL:
                if is_kind.any():
                    yield charge, ANY, is_kind
                continue
            for mode in sorted(set(self._arcs.loc[is_kind, "mode"])):
                yield charge, str(mode), is_kind & self._arcs["mode"].eq(mode).to_numpy(dtype=bool)

    def tonnes(self, territory: str, arcs: Bools) -> Floats:
        """Return transit freight that uses at least one of the arcs, t/a."""
        return self._sum(territory, self._result.loading.share(arcs))

    def tonne_km(self, territory: str, arcs: Bools) -> Floats:
        """Return line-haul of transit freight on the arcs, tkm/a."""
        return self._sum(territory, self._result.loading.mean(self._km * arcs))

    def charges(self, territory: str, arcs: Bools | Floats) -> Floats:
        """Return charges on transit freight on the arcs, times their weights, USD a year."""
        return self._sum(territory, self._result.loading.mean(self._usd * arcs))

    def _sum(self, territory: str, of_row: Floats) -> Floats:
        is_passing = (self._rows["exporter"] != territory) & (self._rows["importer"] != territory)
        is_passing &= self._counts
        amounts = of_row * self._flow * is_passing.to_numpy(dtype=bool)
        sums = np.bincount(self._cargo, weights=amounts, minlength=len(CARGO_TYPES))
        return sums.astype(np.float64)
