"""Sectors: sales, output, inputs, elasticities, re-exports, rents and transfers agree with each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sogdia.codes import ALL_GOODS, RECOMMENDED
from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

TOLERANCE = 0.005
"""Sums of cells with three or four digits differ by this share at most."""
SMALL_MUSD = 0.15
SMALL_SHARE = 0.002
HORIZONS = ("short_run", "long_run")
HOME_KIND = "home"
_CELL = ["iso3", "sector"]


def _positions(mask: object) -> list[int]:
    """Return the positions at which a mask is true."""
    return [int(position) for position in np.flatnonzero(np.asarray(mask))]


def check_sector_tables(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that sectors have their tables, and that all sectors of an aggregate are of one kind."""
    sectors = tables["sectors"]
    frame = sectors.data.reset_index(drop=True)
    if len(frame):
        for name in ("sector_flows", "sector_outputs", "elasticities"):
            if not len(tables[name].data):
                problem = f"{name}.csv has no rows"
                yield row_fault(sectors, 0, None, problem, "fill it, or leave sectors.csv empty", "sectors")
    first = frame.drop_duplicates("aggregate").set_index("aggregate")["kind"]
    for position, (name, kind) in enumerate(zip(frame["aggregate"], frame["kind"], strict=True)):
        if kind != first[name]:
            problem = f"{name} holds sectors of kind {first[name]} and of kind {kind}"
            yield row_fault(sectors, position, "aggregate", problem, "put it into another one", "sectors")


def check_sector_outputs(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that gross output is the sum of sales at home and abroad and covers value added.

    ``|Y_ik − Σ_j X_ijk| ≤ max(0.5 % of Y_ik, 0.15 million dollars)``.
    """
    outputs, flows = tables["sector_outputs"], tables["sector_flows"]
    sold = flows.data.groupby(["exporter", "sector"])["value_musd"].sum()
    rows = outputs.data.reset_index(drop=True)
    keys = pd.MultiIndex.from_frame(rows[_CELL])
    sales = sold.reindex(keys).fillna(0.0).to_numpy()
    gross = rows["gross_output_musd"].to_numpy(dtype=float)
    apart = np.abs(gross - sales) > np.maximum(TOLERANCE * gross, SMALL_MUSD)
    for position in _positions(apart):
        problem = f"{gross[position]:,.2f} is not the sum of the sales, {sales[position]:,.2f}"
        fix = "correct it, or the sales in sector_flows.csv"
        yield row_fault(outputs, position, "gross_output_musd", problem, fix, "sectors")
    added = rows["value_added_musd"].to_numpy(dtype=float)
    for position in _positions(added > gross):
        problem = f"{added[position]:,.2f} is above gross output, {gross[position]:,.2f}"
        yield row_fault(outputs, position, "value_added_musd", problem, "lower it", "sectors")
    sellers = zip(flows.data["exporter"], flows.data["sector"], strict=True)
    known = set(keys)
    for position, cell in enumerate(sellers):
        if cell not in known:
            problem = f"{'/'.join(cell)} has no row in sector_outputs.csv"
            yield row_fault(flows, position, "exporter", problem, "add its output", "sectors")
            known.add(cell)


def check_input_shares(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that input shares and the share of value added sum to 1, and that supply covers use as input.

    ``Σ_s γ_isk + V_ik / Y_ik = 1`` to 0.005, and ``Σ_k γ_jsk Y_jk ≤ Σ_i X_ijs`` to 0.5 %.
    """
    shares, outputs = tables["input_shares"], tables["sector_outputs"].data
    rows = shares.data.reset_index(drop=True)
    accounts = outputs.set_index(_CELL)
    gross = accounts["gross_output_musd"]
    cells = pd.MultiIndex.from_frame(rows[_CELL])
    for position in _positions(~cells.isin(accounts.index)):
        problem = f"{'/'.join(map(str, cells[position]))} has no row in sector_outputs.csv"
        yield row_fault(shares, position, "sector", problem, "add its output", "sectors")
    first = rows.reset_index().groupby(_CELL)["index"].first()
    added = (accounts["value_added_musd"] / gross.where(gross > 0.0)).reindex(first.index)
    totals = rows.groupby(_CELL)["share"].sum() + added
    for cell in totals.index[(totals - 1.0).abs() > TOLERANCE]:
        problem = (
            f"the input shares of {'/'.join(cell)} and value added sum to {totals[cell]:.4f}, not 1"
            f" (value added is {added[cell]:.4f} of its output)"
        )
        yield row_fault(shares, int(first[cell]), "share", problem, "scale the shares", "sectors")
    yield from _uses_above_supply(tables, rows, gross)


def _uses_above_supply(tables: Tables, rows: pd.DataFrame, gross: pd.Series) -> Iterator[Fault]:
    output = gross.reindex(pd.MultiIndex.from_frame(rows[_CELL])).fillna(0.0).to_numpy()
    used = (rows["share"] * output).groupby([rows["iso3"], rows["input"]]).sum()
    supply = tables["sector_flows"].data.groupby(["importer", "sector"])["value_musd"].sum()
    have = supply.reindex(used.index).fillna(0.0)
    first = rows.reset_index().groupby(["iso3", "input"])["index"].first()
    for cell in used.index[used > have * (1.0 + TOLERANCE) + SMALL_MUSD]:
        problem = f"{cell[0]} uses {used[cell]:,.2f} of {cell[1]} as input and has {have[cell]:,.2f}"
        fix = "lower the shares of this input, or add to its purchases and output"
        yield row_fault(tables["input_shares"], int(first[cell]), "input", problem, fix, "sectors")


def check_home_sectors(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that a sector of kind home is not sold abroad."""
    flows, sectors = tables["sector_flows"], tables["sectors"].data
    home = set(sectors.loc[sectors["kind"] == HOME_KIND, "id"])
    columns = (flows.data[name] for name in ("exporter", "importer", "sector", "value_musd"))
    for position, (exporter, importer, sector, value) in enumerate(zip(*columns, strict=True)):
        if sector in home and exporter != importer and value > 0.0:
            problem = f"{sector} is of kind {HOME_KIND} and sold from {exporter} to {importer}"
            fix = "delete the row, or give the sector another kind"
            yield row_fault(flows, position, "sector", problem, fix, "sectors")


def check_elasticities(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that each sector sold abroad has a positive recommended elasticity for both horizons."""
    table, sectors = tables["elasticities"], tables["sectors"]
    rows = table.data.reset_index(drop=True)
    chosen = rows[rows["study"] == RECOMMENDED]
    for position in chosen.index[~(chosen["value"] > 0.0)].tolist():
        problem = f"the elasticity used for {chosen['sector'][position]!s} is not above 0"
        yield row_fault(table, position, "value", problem, "give a positive one", "sectors")
    if not len(rows):
        return
    found = set(zip(chosen["sector"], chosen["horizon"], strict=True))
    for position, (name, kind) in enumerate(zip(sectors.data["id"], sectors.data["kind"], strict=True)):
        for horizon in HORIZONS:
            if kind != HOME_KIND and not {(name, horizon), (ALL_GOODS, horizon)} & found:
                problem = f"{name} has no elasticity of study {RECOMMENDED} for {horizon}"
                yield row_fault(sectors, position, "id", problem, "add it to elasticities.csv", "sectors")


def check_sector_tariffs(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that a tariff is between two economies, and that a pair has sectors or one row for all."""
    table = tables["sector_tariffs"]
    rows = table.data.reset_index(drop=True)
    for position in _positions(rows["exporter"] == rows["importer"]):
        problem = f"{rows['exporter'][position]!s} has a tariff on its own goods"
        yield row_fault(table, position, "importer", problem, "delete the row", "sectors")
    pairs = pd.MultiIndex.from_frame(rows[["exporter", "importer"]])
    is_all = (rows["sector"] == ALL_GOODS).to_numpy()
    split = set(pairs[~is_all])
    for position in _positions(is_all):
        if pairs[position] in split:
            problem = f"{'/'.join(map(str, pairs[position]))} has a row for all and rows for sectors"
            yield row_fault(table, position, "sector", problem, "keep one or the other", "sectors")


def check_entrepot(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that re-exports have three parties, and are within the sales from origin to destination.

    ``Σ_h E_ohdk ≤ X_odk + Σ_d' E_odd'k`` to 0.5 %: what a destination sells on in its turn is a re-export of
    its own, and not in its purchases.
    """
    table = tables["entrepot"]
    rows = table.data.reset_index(drop=True)
    for position, parties in enumerate(zip(rows["origin"], rows["hub"], rows["destination"], strict=True)):
        if len(set(parties)) < 3:
            problem = f"{'/'.join(parties)} names an economy twice"
            yield row_fault(table, position, "hub", problem, "name three economies", "sectors")
    flows = tables["sector_flows"].data
    bought = flows.set_index(["exporter", "importer", "sector"])["value_musd"]
    onward = rows.groupby(["origin", "hub", "sector"])["value_musd"].sum()
    passed = rows.groupby(["origin", "destination", "sector"])["value_musd"].sum()
    first = rows.reset_index().groupby(["origin", "destination", "sector"])["index"].first()
    limit = bought.reindex(passed.index).fillna(0.0) + onward.reindex(passed.index).fillna(0.0)
    for cell in passed.index[passed > limit * (1.0 + TOLERANCE) + SMALL_MUSD]:
        origin, destination, sector = cell
        problem = (
            f"{passed[cell]:,.2f} of {sector} passes hubs from {origin} to {destination}, "
            f"which buys {limit[cell]:,.2f}"
        )
        fix = "sector_flows.csv books re-exports from origin to destination; correct one of them"
        yield row_fault(table, int(first[cell]), "value_musd", problem, fix, "sectors")


def check_specific_factors(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that a share of rent lies in its range, and that an economy named has the sector."""
    table = tables["specific_factors"]
    outputs = tables["sector_outputs"].data
    output = set(zip(outputs["iso3"], outputs["sector"], strict=True))
    economies = set(tables["economies"].data["iso3"])
    for position, row in enumerate(table.data.to_dict("records")):
        low, share, high = (row[f"value_added_share{end}"] for end in ("_low", "", "_high"))
        for field, is_apart, word in (("low", low > share, "above"), ("high", high < share, "below")):
            if is_apart:
                value = low if field == "low" else high
                problem = f"{value:g} is {word} value_added_share {share:g}"
                fix = "correct the range"
                yield row_fault(table, position, f"value_added_share_{field}", problem, fix, "sectors")
        if row["iso3"] in economies and (row["iso3"], row["sector"]) not in output:
            problem = f"{row['iso3']} has no {row['sector']} in sector_outputs.csv"
            yield row_fault(
                table, position, "sector", problem, "delete the row, or add its output", "sectors"
            )


def check_income_transfers(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that money goes from one economy to another."""
    table = tables["income_transfers"]
    for position, (payer, receiver) in enumerate(
        zip(table.data["payer"], table.data["receiver"], strict=True)
    ):
        if payer == receiver:
            problem = f"{payer} pays itself"
            yield row_fault(table, position, "receiver", problem, "name two economies", "sectors")


def check_sector_adjustments(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that the final value of an adjustment is that of the table; a cell without a row is 0."""
    table = tables["sector_adjustments"]
    sums = tables["sector_outputs"].data.groupby("iso3")["value_added_musd"].sum().to_dict()
    values = {
        (name, field): dict(zip(tables[name].data.index, tables[name].data[field], strict=True))
        for name, field in (
            ("sector_flows", "value_musd"),
            ("sector_outputs", "gross_output_musd"),
            ("sector_outputs", "value_added_musd"),
            ("input_shares", "share"),
        )
    }
    columns = (table.data[name] for name in ("table", "row", "field", "final"))
    for position, (name, key, field, final) in enumerate(zip(*columns, strict=True)):
        if (name, field) not in values:
            yield row_fault(table, position, "field", f"{name} has no {field}", "name its column", "sectors")
            continue
        value = values[name, field].get(key, sums.get(key, 0.0) if field == "value_added_musd" else 0.0)
        small = SMALL_SHARE if field == "share" else SMALL_MUSD
        if abs(value - final) > max(TOLERANCE * abs(value), small):
            problem = f"{final:g} is not {field} of {key} in {name}.csv, {value:g}"
            yield row_fault(table, position, "final", problem, "correct it", "sectors")
