"""Read flows, trade elasticities and tariffs from data frames into arrays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sogdia.codes import ALL_GOODS, EVERY
from sogdia.errors import Fault, FaultsError, did_you_mean
from sogdia.names import fold, hidden_characters
from sogdia.trade.arrays import Floats, Ints
from sogdia.trade.frames import Frame, Limits, by_detail
from sogdia.trade.negatives import Negatives

Labels = tuple[tuple[str, ...], tuple[str, ...]]
"""Names of economies and of sectors."""
PERCENT, FACTOR = "tariff_pct", "tariff_factor"
ENDS = ("exporter", "importer")


def read_flows(frame: Frame, negatives: Negatives) -> tuple[Labels, Floats]:
    """Read tidy flows; add faults to those of the frame.

    Args:
        frame: ``exporter``, ``importer``, [``sector``,] ``value``; without sectors all goods are one sector.
        negatives: Rule for negative values.

    Returns:
        Economies and sectors, sorted; flows, (S, N, N).

    Raises:
        FaultsError: If a column is missing.
    """
    has_sectors = "sector" in frame.table
    columns = ("exporter", "importer", *(("sector",) if has_sectors else ()), "value")
    if not frame.has(columns):
        raise FaultsError(frame.faults)
    economies = tuple(sorted({*frame.names("exporter"), *frame.names("importer")}))
    sectors = frame.names("sector") if has_sectors else (ALL_GOODS,)
    flow = _read_values(frame, economies, sectors, negatives)
    if not frame.faults:
        frame.faults.extend(_flow_faults(flow, economies, frame.file))
    return (economies, sectors), flow


def _read_values(
    frame: Frame, economies: tuple[str, ...], sectors: tuple[str, ...], negatives: Negatives
) -> Floats:
    flow = np.zeros((len(sectors), len(economies), len(economies)))
    if frame.table.empty:
        frame.faults.append(Fault(frame.file, None, None, "there are no rows", "", "empty"))
        return flow
    values = frame.numbers("value", negatives.limits())
    has_sectors = "sector" in frame.table
    frame.check_unique(("exporter", "importer", *(("sector",) if has_sectors else ())))
    if frame.faults:
        return flow
    at = {name: i for i, name in enumerate(economies)}
    sector = np.zeros(len(frame.table), dtype=np.int64)
    if has_sectors:
        sector = frame.codes("sector", {name: k for k, name in enumerate(sectors)})
    exporter, importer = frame.codes("exporter", at), frame.codes("importer", at)
    flow[sector, exporter, importer] = values
    size = np.abs(flow).sum(axis=1)
    is_large = negatives.is_large(values, size[sector, importer])
    frame.add_faults(is_large, "value", negatives.problem("purchases"), "negative", negatives.fix)
    for k, i, j in np.argwhere(flow < 0.0):
        negatives.record("flows", economies[i], economies[j], sectors[k], "", float(flow[k, i, j]))
    return np.maximum(flow, 0.0)


def _flow_faults(flow: Floats, economies: tuple[str, ...], file: str) -> list[Fault]:
    faults = []
    first: dict[str, str] = {}
    for name in economies:
        other = first.setdefault(fold(name), name)
        if other != name:
            fix = "; ".join(["write both alike", *hidden_characters(f"{other}{name}")])
            faults.append(Fault(file, None, None, f"{other!r} and {name!r} look alike", fix, "look-alike"))
    if faults:
        return faults
    for i, name in enumerate(economies):
        fix = ""
        if flow[:, i].sum() <= 0.0:
            problem, kind = f"{name} has no sales, hence no income", "no-sales"
        elif flow[:, :, i].sum() <= 0.0:
            problem, kind = f"{name} has no purchases", "no-purchases"
        elif flow[:, i, i].sum() <= 0.0:
            problem, kind = f"the home sales of {name} are missing", "no-diagonal"
            fix = f"add rows with {name} as exporter and importer"
        else:
            continue
        faults.append(Fault(file, None, "value", problem, fix, kind))
    return faults


def read_theta(theta: float | Mapping[str, float], sectors: tuple[str, ...], faults: list[Fault]) -> Floats:
    """Read trade elasticities, one for all sectors or by sector, (S,); add faults."""
    by_sector = theta if isinstance(theta, Mapping) else dict.fromkeys(sectors, theta)
    for name in by_sector:
        if name not in sectors:
            fix = did_you_mean(name, sectors)
            faults.append(Fault("theta", None, name, "the flows have no such sector", fix, "unknown"))
    out = np.ones(len(sectors))
    for k, name in enumerate(sectors):
        if name not in by_sector:
            faults.append(Fault("theta", None, name, "the sector has no trade elasticity", "", "missing"))
        elif not (np.isfinite(by_sector[name]) and by_sector[name] > 0.0):
            problem = f"{by_sector[name]} is out of range; expected a trade elasticity > 0"
            faults.append(Fault("theta", None, name, problem, "", "theta"))
        else:
            out[k] = by_sector[name]
    return out


def read_pairs(frame: Frame, labels: Labels, column: str) -> tuple[Ints, Ints, Ints] | None:
    """Return the numbers of sector, exporter and importer of each row, -1 for all; add faults.

    Args:
        frame: ``exporter``, ``importer``, [``sector``,] and the column.
        labels: Economies and sectors.
        column: Column of the values.

    Returns:
        ``None`` if a column is missing.
    """
    with_sector = "sector" in frame.table
    keys = ("exporter", "importer", *(("sector",) if with_sector else ()))
    if not frame.has((*keys, column)):
        return None
    frame.check_unique(keys)
    at = {name: i for i, name in enumerate(labels[0])}
    exporter, importer = frame.codes("exporter", at, EVERY), frame.codes("importer", at, EVERY)
    sector = np.full(len(frame.table), -1)
    if with_sector:
        sector = frame.codes("sector", {name: k for k, name in enumerate(labels[1])}, ALL_GOODS)
    return sector, exporter, importer


def read_tariffs(table: pd.DataFrame, labels: Labels, before: Floats, faults: list[Fault]) -> Floats:
    """Read tariffs as shares of value, (S, N, N); add faults.

    Args:
        table: ``exporter``, ``importer``, [``sector``,] and ``tariff_pct`` or ``tariff_factor``. Of rows that
            match the same flow the most specific one applies.
        labels: Economies and sectors.
        before: Tariffs of flows without a row, (S, N, N).
        faults: List that faults are added to.
    """
    frame = Frame(table, table.attrs.get("file", "tariffs"), faults)
    column = tariff_column(table)
    numbers = read_pairs(frame, labels, column)
    if numbers is None:
        return before
    sector, exporter, importer = numbers
    percent = read_percent(frame)
    is_home = (exporter == importer) & (exporter >= 0)
    frame.add_faults(is_home & (percent > 0.0), column, "{} on home sales; expected no tariff", "home-tariff")
    if faults:
        return before
    tariff = before.copy()
    for row in by_detail(sector, exporter, importer):
        cells = tuple(slice(None) if n < 0 else n for n in (sector[row], exporter[row], importer[row]))
        tariff[cells] = percent[row] / 100.0
    diagonal = np.arange(len(labels[0]))
    tariff[:, diagonal, diagonal] = 0.0
    return tariff


def tariff_column(table: pd.DataFrame) -> str:
    """Return the column of tariffs: per cent, or a factor 1 + t."""
    return FACTOR if FACTOR in table and PERCENT not in table else PERCENT


def read_percent(frame: Frame) -> Floats:
    """Return tariffs in per cent, (rows,); add faults."""
    column = tariff_column(frame.table)
    values = frame.numbers(column, Limits() if column == PERCENT else Limits(minimum=1.0))
    return values if column == PERCENT else 100.0 * (values - 1.0)
