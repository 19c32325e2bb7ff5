"""Read factors and transfers: specific factors, labour supply, named transfers between economies."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.codes import EVERY
from sogdia.errors import Fault
from sogdia.trade.arrays import Floats, Ints
from sogdia.trade.base_year import MAX_SUPPLY_ELASTICITY
from sogdia.trade.flows import Labels
from sogdia.trade.frames import Frame, Limits
from sogdia.trade.shapes import for_every_economy

SHARE, OF_VALUE_ADDED, ELASTICITY = "share", "value_added_share", "supply_elasticity"
VALUE, FACTOR, KIND = "value", "factor", "kind"


def read_specific(
    table: pd.DataFrame | None, value_added_share: Floats, labels: Labels, faults: list[Fault]
) -> tuple[Floats | None, Floats | None]:
    """Read the shares of specific factors in costs and the elasticities of their supply; add faults.

    Args:
        table: ``economy`` (optional), ``sector``, ``share`` in costs or ``value_added_share`` in value added,
            ``supply_elasticity`` (optional). Cells without a row have no specific factor.
        value_added_share: Share of value added in costs, (S, N).
        labels: Economies and sectors.
        faults: List that faults are added to.

    Returns:
        γR_ik and η_ik, (S, N) each; ``None`` without a table or with faults.
    """
    if table is None:
        return None, None
    frame = Frame(for_every_economy(table), table.attrs.get("file", "specific"), faults)
    column = OF_VALUE_ADDED if OF_VALUE_ADDED in table and SHARE not in table else SHARE
    if not frame.has(("economy", "sector", column)):
        return None, None
    frame.check_unique(("economy", "sector"))
    economy = frame.codes("economy", _numbers(labels[0]), EVERY)
    sector = frame.codes("sector", _numbers(labels[1]))
    values = frame.numbers(column, Limits(maximum=1.0))
    supply = np.zeros(values.size)
    if ELASTICITY in frame.table:
        supply = frame.numbers(ELASTICITY, Limits(maximum=MAX_SUPPLY_ELASTICITY))
    if faults:
        return None, None
    share, elasticity = np.zeros_like(value_added_share), np.zeros_like(value_added_share)
    # Rows for every economy come first, so that those of one economy replace them.
    for row in np.argsort(economy >= 0, kind="stable"):
        cells = sector[row], slice(None) if economy[row] < 0 else economy[row]
        of = value_added_share[cells] if column == OF_VALUE_ADDED else 1.0
        share[cells] = values[row] * of
        elasticity[cells] = supply[row]
    return share, elasticity


def read_labour(table: pd.DataFrame, labels: Labels, faults: list[Fault]) -> Floats:
    """Read changes of labour supply L̂ from ``economy``, ``factor``, (N,); 1 without a row; add faults."""
    frame = Frame(table, table.attrs.get("file", "labour"), faults)
    out = np.ones(len(labels[0]))
    if not frame.has(("economy", FACTOR)):
        return out
    frame.check_unique(("economy",))
    economy = frame.codes("economy", _numbers(labels[0]), EVERY)
    values = frame.numbers(FACTOR, Limits(is_open_below=True))
    if not faults:
        for row in np.argsort(economy >= 0, kind="stable"):
            out[slice(None) if economy[row] < 0 else economy[row]] = values[row]
    return out


def read_transfers(
    table: pd.DataFrame | None, economies: tuple[str, ...], faults: list[Fault]
) -> Floats | None:
    """Read named transfers ``payer``, ``receiver``, [``kind``,] ``value``, (N, N) by payer; add faults.

    The kinds of a pair are added.
    """
    if table is None:
        return None
    frame = Frame(table, table.attrs.get("file", "transfers"), faults)
    out = np.zeros((len(economies), len(economies)))
    ends = _read_ends(frame, economies, VALUE, None)
    if ends is None:
        return out
    values = frame.numbers(VALUE, Limits())
    if not faults:
        np.add.at(out, ends, values)
    return out


def read_transfers_after(
    table: pd.DataFrame, economies: tuple[str, ...], before: Floats | None, faults: list[Fault]
) -> Floats:
    """Read counterfactual named transfers, (N, N) by payer; add faults.

    Args:
        table: ``payer``, ``receiver``, [``kind``,] and ``value``, the sum of a pair's rows in place of its
            transfers of the base year, or ``factor`` on those, where ``*`` is every economy and of rows that
            match the same pair the most specific one applies. Pairs without a row are unchanged.
        economies: Names of the economies.
        before: Named transfers of the base year, (N, N); ``None`` without.
        faults: List that faults are added to.
    """
    frame = Frame(table, table.attrs.get("file", "transfers_after"), faults)
    out = np.zeros((len(economies), len(economies))) if before is None else before.copy()
    column = FACTOR if FACTOR in table and VALUE not in table else VALUE
    ends = _read_ends(frame, economies, column, EVERY if column == FACTOR else None)
    if ends is None:
        return out
    values = frame.numbers(column, Limits())
    if faults:
        return out
    if column == VALUE:
        out[ends] = 0.0
        np.add.at(out, ends, values)
        return out
    known = out.copy()
    payer, receiver = ends
    for row in np.argsort((payer >= 0).astype(int) + (receiver >= 0), kind="stable"):
        cells = tuple(slice(None) if n < 0 else n for n in (payer[row], receiver[row]))
        out[cells] = values[row] * known[cells]
    return out


def _read_ends(
    frame: Frame, economies: tuple[str, ...], column: str, wildcard: str | None
) -> tuple[Ints, Ints] | None:
    """Return the numbers of payers and receivers; ``None`` if a column is missing."""
    kinds = (KIND,) if KIND in frame.table and column == VALUE else ()
    if not frame.has(("payer", "receiver", *kinds, column)):
        return None
    frame.check_unique(("payer", "receiver", *kinds))
    known = _numbers(economies)
    payer, receiver = (frame.codes(end, known, wildcard) for end in ("payer", "receiver"))
    problem = "{} pays itself; expected another receiver"
    frame.add_faults((payer == receiver) & (payer >= 0), "receiver", problem, "self-transfer")
    return payer, receiver


def _numbers(names: tuple[str, ...]) -> dict[str, int]:
    return {name: n for n, name in enumerate(names)}
