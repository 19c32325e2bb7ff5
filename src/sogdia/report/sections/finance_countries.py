"""Tables of money by country: who pays for the projects, who is paid each year, who gains and who bears."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sogdia.finance.debt_stock import WORLD
from sogdia.finance.incidence import CARRIER, CONSUMER, INVESTOR, OWNER, TREASURY
from sogdia.finance.tables import FUNDING
from sogdia.report.declared_columns import Shown
from sogdia.report.figures import Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Table

STEP_A = 5
"""Years between the years shown."""
PAYEE_YEARS = 4
"""Years shown of payments by payee."""
LARGEST_PAYEES = 5
"""Payees of a country that have a row of their own."""
DEBTS = {
    "outstanding": "debt of today, renewed",
    "committed": "loans of other projects",
    "plan": "loans of the plan",
}
"""Groups of debt in the table of payees."""
GROUPS = (INVESTOR, TREASURY, CARRIER, CONSUMER)
_OTHERS = "\uffff"


def payees_table(inputs: BriefInputs, owed: pd.DataFrame) -> Table:
    """Return what each country pays each payee abroad in some years, the largest payees first."""
    table = owed[owed["home"].isin(inputs.homes) & ~owed["domestic"].astype(bool)]
    first = int(table.groupby("home")["year"].min().max()) if len(table) else inputs.year
    years = [first + STEP_A * step for step in range(PAYEE_YEARS)]
    group = table["kind"].where(table["kind"].isin(DEBTS), "payment to owner of plant").replace(DEBTS)
    table = table.assign(group=group)[table["year"].isin(years)]
    paid = table.pivot_table("paid_musd", ["home", "party", "group"], "year", "sum", fill_value=0.0)
    paid = paid.reindex(columns=years, fill_value=0.0)
    paid.columns = pd.Index([f"paid_{step}" for step in range(PAYEE_YEARS)])
    blocks = [_largest(paid.loc[[home]]) for home in inputs.homes if home in paid.index]
    frame = pd.concat(blocks, ignore_index=True) if blocks else paid.reset_index()
    kinds = inputs.case.table("parties").set_index("code")["kind"].to_dict()
    codes = frame["party"].astype(str)
    names = dict(zip(codes, inputs.names_of(codes.tolist()), strict=True))
    unnamed = {_OTHERS: "all other payees"}
    unnamed |= {code: "lenders that are not published" for code in codes if kinds.get(code) == WORLD}
    frame["name"] = codes.map(names | unnamed)
    frame["country"] = inputs.names_of(frame["home"].astype(str).tolist())
    columns = (
        Column("country", "Country"),
        Column("name", "Payee"),
        Column("group", "For"),
        *(Column(f"paid_{step}", str(year), "USD million", "number", 0) for step, year in enumerate(years)),
    )
    origin = Origin("debt of the pack, loans of projects, and contracts with owners of plants")
    note = (
        f"Principal, interest and payments to owners; the {LARGEST_PAYEES} largest of each country. Today's "
        "lenders are assumed to lend again so much that their claims stay constant over GDP. Terms that are "
        "not published are assumed at the discount rate."
    )
    return Table("payees", "Who is paid each year", columns, frame, origin, note)


def _largest(paid: pd.DataFrame) -> pd.DataFrame:
    """Return the largest payees of a country, the rest in one row."""
    order = paid.sum(axis=1).sort_values(ascending=False, kind="stable").index
    rows = paid.loc[order].reset_index()
    if len(rows) <= LARGEST_PAYEES + 1:
        return rows
    rest = rows.iloc[LARGEST_PAYEES:]
    years = list(paid.columns)
    other = {"home": rest["home"].iloc[0], "party": _OTHERS, "group": "all", **rest[years].sum().to_dict()}
    return pd.concat([rows.iloc[:LARGEST_PAYEES], pd.DataFrame([other])], ignore_index=True)


def funding_table(inputs: BriefInputs, funding: pd.DataFrame) -> Table:
    """Return who pays for the projects of each country."""
    names = [column.name for column in FUNDING.columns if column.name.endswith("_musd")]
    table = funding[funding["home"].isin(inputs.homes)].copy()
    table["unpublished"] = table["cost_musd"].isna().astype(float)
    frame = table.groupby("home", sort=False)[[*names, "unpublished"]].sum().reset_index()
    frame["country"] = inputs.names_of(frame["home"].astype(str).tolist())
    columns = (
        Column("country", "Country"),
        *(Shown(FUNDING.column(name), decimals=0).column() for name in names),
        Column("unpublished", "Projects without a published cost", "", "number", 0),
    )
    origin = Origin(
        "cost of the plan's projects in each country and their sources of finance",
        rows=inputs.project_rows(),
    )
    note = (
        "A project of several countries counts in equal parts, one of a joint company by the shares in it. "
        "What the loans of a joint company do not cover is the equity of its shareholders. Parts exceed "
        "the cost where more finance than the cost is published."
    )
    return Table("funding", "Who pays for the projects, by country", columns, frame, origin, note)


def incidence_table(inputs: BriefInputs, tables: Mapping[str, pd.DataFrame]) -> Table:
    """Return the net present value by home country and by who bears or gains."""
    table = tables.get("incidence", pd.DataFrame(columns=["home", "group", "counted", "pv_musd"]))
    counted = table[table["counted"].astype(bool) & ~table["group"].eq(OWNER)]
    frame = counted.pivot_table("pv_musd", "home", "group", "sum", fill_value=0.0)
    frame = frame.reindex(columns=list(GROUPS), fill_value=0.0).reset_index()
    frame["npv_musd"] = frame[list(GROUPS)].sum(axis=1)
    frame["country"] = inputs.names_of(frame["home"].astype(str).tolist())
    columns = (
        Column("country", "Country"),
        Column(INVESTOR, "Investors", "USD million", "effect", 0),
        Column(TREASURY, "Treasury", "USD million", "effect", 0),
        Column(CARRIER, "Carriers", "USD million", "effect", 0),
        Column(CONSUMER, "Consumers", "USD million", "effect", 0),
        Column("npv_musd", "Net present value", "USD million", "effect", 0),
    )
    origin = Origin("net present value at the middle discount rate, divided by who bears or gains")
    note = (
        "Investors bear cost and maintenance less the residual value; the treasury pays owners of plants and "
        "collects customs; carriers have the transit income; consumers the rest of the gain. The countries "
        "sum to the net present value."
    )
    return Table("incidence", "Who gains and who bears, by country", columns, frame, origin, note)
