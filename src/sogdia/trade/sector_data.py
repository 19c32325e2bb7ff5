"""Read the pack's tables of sectors as arrays: flows, inputs, tariffs, elasticities.

Two rules apply to the data, and list every cell that they change:

- **Inputs.** Where an economy buys less of a good than its sectors use, after growth or an edit, all uses of
  the good are scaled to the purchases, ``γ'_isk = γ_isk · min(1, E_is / Σ_k γ_isk Y_ik)``, and value added
  gets the freed share. Final demand of the good is then zero.
- **Bullion** is money: its buyers are pooled. Bilateral flows are replaced by those with the same exports and
  imports of every economy that are proportional to the product of both, ``X_ij = a_i b_j`` for i ≠ j.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import ALL_GOODS, ANY, RECOMMENDED
from sogdia.errors import Fault, FaultsError
from sogdia.trade.arrays import Bools, Floats, Ints
from sogdia.trade.gravity import ACCEPTABLE, fit_flows
from sogdia.trade.negatives import AdjustedCell

BULLION, GOODS, NETWORK, HOME_ONLY = "bullion", "goods", "network", "home"
"""Kinds of sectors: money, freight, pipes and wires, never sold abroad. Others are services."""
NOT_TRADED_THETA = 1.0
"""Elasticity of sectors without trade abroad, which has no effect."""
SCALED_INPUTS = "input scaled to purchases"
POOLED = "bullion pooled over all buyers"
MOVED = 1e-6
"""Relative change of a cell from which it is listed."""


@dataclass(frozen=True, eq=False)
class SectorData:
    """Sectors of N economies as arrays, values in USD million.

    Attributes:
        economies: Economies, sorted.
        sectors: Sectors, sorted.
        kind: Kind of each sector of table ``sectors``.
        flow: Flows net of tariffs, home sales on the diagonal, (S, N, N).
        theta: Trade elasticities, (S,).
        tariff: Tariffs as a share of value, (S, N, N).
        input_share: Share of an input in the costs of a sector, (N, S, S) [economy, input, sector].
        specific_share: Share of specific factors in the costs of a sector, (S, N).
        supply_elasticity: Supply elasticity of the specific factor, (S, N).
        transfers: Named transfers, payer × receiver, (N, N).
        adjusted: Cells that rules changed.
    """

    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    kind: Mapping[str, str]
    flow: Floats
    theta: Floats
    tariff: Floats
    input_share: Floats
    specific_share: Floats
    supply_elasticity: Floats
    transfers: Floats
    adjusted: tuple[AdjustedCell, ...] = ()

    @property
    def output(self) -> Floats:
        """Sales by sector, (S, N)."""
        return np.asarray(self.flow.sum(axis=2))

    @property
    def value_added_share(self) -> Floats:
        """Share of value added in costs: the rest of inputs, (S, N)."""
        return np.asarray(1.0 - self.input_share.sum(axis=1).T)


def read_sector_data(case: Case, horizon: str) -> SectorData:
    """Read the tables of sectors of a case.

    Args:
        case: Region, plan and scenario.
        horizon: ``long_run`` or ``short_run``: the set of elasticities.

    Raises:
        FaultsError: If a sector that is traded abroad has no recommended elasticity of the horizon.
    """
    table = case.table("sectors")
    economies = tuple(sorted(case.table("economies")["iso3"].astype(str)))
    sectors = tuple(sorted(table["id"].astype(str)))
    kind = dict(zip(table["id"].astype(str), table["kind"].astype(str), strict=True))
    code, number = _positions(economies), _positions(sectors)
    size, count = len(economies), len(sectors)
    flow = np.zeros((count, size, size))
    rows = case.table("sector_flows")
    cells = _codes(rows["sector"], number), _codes(rows["exporter"], code), _codes(rows["importer"], code)
    flow[cells] = rows["value_musd"].to_numpy(dtype=np.float64)
    data = SectorData(
        economies, sectors, kind, flow,
        _read_theta(case, horizon, flow, sectors),
        _read_tariffs(case.table("sector_tariffs"), number, code),
        _read_inputs(case.table("input_shares"), number, code),
        np.zeros((count, size)), np.zeros((count, size)),
        _read_transfers(case.table("income_transfers"), code),
    )  # fmt: skip
    data = balance_inputs(pool_bullion(data))
    share, elasticity = _read_specific(case.table("specific_factors"), number, code)
    return replace(data, specific_share=share * data.value_added_share, supply_elasticity=elasticity)


def _positions(names: tuple[str, ...]) -> dict[str, int]:
    return {name: n for n, name in enumerate(names)}


def _codes(column: pd.Series[str], known: Mapping[str, int]) -> Ints:
    return np.asarray(column.map(known).to_numpy(dtype=np.int64))


def _read_theta(case: Case, horizon: str, flow: Floats, sectors: tuple[str, ...]) -> Floats:
    table = case.table("elasticities")
    chosen = table[(table["study"] == RECOMMENDED) & (table["horizon"] == horizon)]
    known = dict(zip(chosen["sector"].astype(str), chosen["value"].astype(float), strict=True))
    abroad = (flow * ~np.eye(flow.shape[1], dtype=bool)).sum(axis=(1, 2))
    faults = []
    for k, name in enumerate(sectors):
        if name not in known and abroad[k] > 0.0:
            problem = f"{name} has no {horizon} value of study {RECOMMENDED}"
            faults.append(Fault("elasticities.csv", None, "value", problem, "add a row", "missing"))
    if faults:
        raise FaultsError(faults)
    return np.array([known.get(name, NOT_TRADED_THETA) for name in sectors])


def _read_tariffs(rows: pd.DataFrame, number: Mapping[str, int], code: Mapping[str, int]) -> Floats:
    """Return tariffs, (S, N, N): a row for ``all`` applies where the sector has no row of its own."""
    out = np.zeros((len(number), len(code), len(code)))
    exporter, importer = _codes(rows["exporter"], code), _codes(rows["importer"], code)
    value = rows["tariff_pct"].to_numpy(dtype=np.float64) / 100.0
    general = (rows["sector"] == ALL_GOODS).to_numpy(dtype=np.bool_)
    out[:, exporter[general], importer[general]] = value[general]
    own = ~general
    out[_codes(rows.loc[own, "sector"], number), exporter[own], importer[own]] = value[own]
    return out


def _read_inputs(rows: pd.DataFrame, number: Mapping[str, int], code: Mapping[str, int]) -> Floats:
    out = np.zeros((len(code), len(number), len(number)))
    cells = _codes(rows["iso3"], code), _codes(rows["input"], number), _codes(rows["sector"], number)
    out[cells] = rows["share"].to_numpy(dtype=np.float64)
    return out


def _read_transfers(rows: pd.DataFrame, code: Mapping[str, int]) -> Floats:
    out = np.zeros((len(code), len(code)))
    if len(rows):
        ends = _codes(rows["payer"], code), _codes(rows["receiver"], code)
        np.add.at(out, ends, rows["value_musd"].to_numpy(dtype=np.float64))
    return out


def _read_specific(
    rows: pd.DataFrame, number: Mapping[str, int], code: Mapping[str, int]
) -> tuple[Floats, Floats]:
    """Return rents as a share of value added, and supply elasticities, (S, N); an own row before ``any``."""
    share, elasticity = np.zeros((len(number), len(code))), np.zeros((len(number), len(code)))
    general = (rows["iso3"] == ANY).to_numpy(dtype=np.bool_)
    for part, is_general in ((rows[general], True), (rows[~general], False)):
        sector = _codes(part["sector"], number)
        economy = slice(None) if is_general else _codes(part["iso3"], code)
        for out, field in ((share, "value_added_share"), (elasticity, "supply_elasticity")):
            values = part[field].to_numpy(dtype=np.float64)
            out[sector, economy] = values[:, None] if is_general else values
    return share, elasticity


def pool_bullion(data: SectorData) -> SectorData:
    """Pool the buyers of bullion; equation in the module's docstring.

    A sector whose totals no such flows have, because one economy makes more than half of its trade, stays as
    it is.
    """
    flow, rows = data.flow.copy(), list(data.adjusted)
    apart = ~np.eye(len(data.economies), dtype=bool)
    for k, name in enumerate(data.sectors):
        if data.kind.get(name) != BULLION:
            continue
        abroad = data.flow[k] * apart
        sold, bought = abroad.sum(axis=1), abroad.sum(axis=0)
        if not sold.sum() > 0.0:
            continue
        fit = fit_flows(
            (apart & (sold[:, None] > 0.0) & (bought > 0.0)).astype(float)[None], sold[None], bought[None],
            data.theta[k : k + 1],
        )  # fmt: skip
        if not fit.deviation[0] <= ACCEPTABLE:
            continue
        flow[k] = np.where(apart, fit.flow[0], data.flow[k])
        moved = np.abs(flow[k] - data.flow[k]) > MOVED * np.maximum(flow[k], data.flow[k])
        for i, j in np.argwhere(moved):
            cell = (POOLED, "flows", data.economies[i], data.economies[j], name, "")
            rows.append((*cell, float(data.flow[k, i, j]), float(flow[k, i, j])))
    return replace(data, flow=flow, adjusted=tuple(rows))


def balance_inputs(data: SectorData) -> SectorData:
    """Scale uses of inputs to purchases; equation in the module's docstring."""
    purchases = (data.flow * (1.0 + data.tariff)).sum(axis=1)
    used = np.einsum("isk,ki->si", data.input_share, data.output)
    factor = np.divide(purchases, used, out=np.ones_like(used), where=used > purchases)
    rows = list(data.adjusted)
    shares = data.input_share * factor.T[:, :, None]
    for s, i in np.argwhere(factor < 1.0 - MOVED):
        for k in np.flatnonzero(data.input_share[i, s] > 0.0):
            cell = (SCALED_INPUTS, "intermediate", data.economies[i], "", data.sectors[k], data.sectors[s])
            rows.append((*cell, float(data.input_share[i, s, k]), float(shares[i, s, k])))
    return replace(data, input_share=shares, adjusted=tuple(rows))


def aggregate(data: SectorData, group: Mapping[str, str]) -> SectorData:
    """Sum sectors to coarser ones.

    Tariffs are weighted by flows, shares of costs by output, elasticities by the sector's trade abroad, and
    supply elasticities by rents.

    Args:
        data: Sectors.
        group: Coarser sector of each sector.
    """
    names = tuple(sorted({group[name] for name in data.sectors}))
    member = np.zeros((len(names), len(data.sectors)))
    for k, name in enumerate(data.sectors):
        member[names.index(group[name]), k] = 1.0
    output = data.output
    coarse_output = member @ output
    flow = np.einsum("Kk,kij->Kij", member, data.flow)
    revenue = np.einsum("Kk,kij->Kij", member, data.flow * data.tariff)
    inputs = np.einsum("Kk,isk,ki->isK", member, data.input_share, output)
    inputs = np.einsum("Ss,isK->iSK", member, inputs)
    rent = data.specific_share * output
    apart = ~np.eye(len(data.economies), dtype=bool)
    abroad = (data.flow * apart).sum(axis=(1, 2))
    kind = {group[name]: data.kind[name] for name in data.sectors}
    return SectorData(
        data.economies, names, kind, flow,
        theta=_ratio(member @ (data.theta * abroad), member @ abroad, NOT_TRADED_THETA),
        tariff=_ratio(revenue, flow),
        input_share=_ratio(inputs, np.broadcast_to(coarse_output.T[:, None, :], inputs.shape)),
        specific_share=_ratio(member @ rent, coarse_output),
        supply_elasticity=_ratio(member @ (rent * data.supply_elasticity), member @ rent),
        transfers=data.transfers,
        adjusted=data.adjusted,
    )  # fmt: skip


def _ratio(top: Floats, bottom: Floats, empty: float = 0.0) -> Floats:
    used: Bools = bottom > 0.0
    return np.asarray(np.divide(top, bottom, out=np.full(top.shape, empty), where=used))
