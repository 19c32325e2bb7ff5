"""Whom a home trades with, through whose land, who fuels, sells, builds and owns its power: from the runs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.coupling.results import CoupledResult
from sogdia.finance.lenders import partner_by_party
from sogdia.power import PowerResult
from sogdia.trade.goods import PAIR

TRADE = ("home", "side", "economy", "commodity", "value_musd", "tonnes")
TRANSIT = ("home", "party", "operator", "tonnes", "whole_t")
WAYS = ("territory", "row", "tonnes")
SUPPLY = ("home", "by", "party", "gwh", "whole_gwh", "rows")


def goods_structure(found: CoupledResult) -> dict[str, pd.DataFrame]:
    """Tables ``trade``, ``transit`` and ``ways`` of a run.

    Returns:
        ``trade``: what each home sells (``side`` export) and buys (import), by the other economy and
        commodity. ``transit``: tonnes of each home's trade that pass a territory without starting or ending
        in it, of ``whole_t`` delivered (``operator`` empty), and tonnes on arcs of an operator that is
        known (``territory`` empty). ``ways``: tonnes of all goods on the rows of each territory.
    """
    return {"trade": _trade(found), "transit": _transit(found), "ways": _ways(found)}


def _trade(found: CoupledResult) -> pd.DataFrame:
    flows = found.flows()
    flows = flows[flows["exporter"] != flows["importer"]]
    parts = []
    for side, own, other in (("export", *PAIR), ("import", *PAIR[::-1])):
        rows = flows[flows[own].isin(found.case.region.home) & (flows["after_musd"] > 0.0)]
        named = {own: "home", other: "economy", "after_musd": "value_musd", "after_t": "tonnes"}
        parts.append(rows.rename(columns=named).assign(side=side)[list(TRADE)])
    return pd.concat(parts, ignore_index=True)


def _transit(found: CoupledResult) -> pd.DataFrame:
    result = found.freight.result
    arcs, table = result.network.arcs, found.freight.supernetwork.identified(result.demand)
    ends = [table[name].to_numpy(dtype=str) for name in PAIR]
    flow = table["flow"].to_numpy(dtype=np.float64)
    homes = [(home, (ends[0] == home) ^ (ends[1] == home)) for home in found.case.region.home]
    partner = partner_by_party(found.case)
    lands: dict[tuple[str, str], set[str]] = {}
    for land in sorted(set(arcs["territory"]) - {""}):
        lands.setdefault((partner.get(land, land), ""), set()).add(land)
    for name in sorted(set(arcs["operator"]) - {""}):
        lands[("", name)] = {name}
    rows = []
    for (party, operator), names in lands.items():
        inside = arcs["operator" if operator else "territory"].isin(names).to_numpy(dtype=bool)
        share = result.loading.share(np.ascontiguousarray(inside))
        foreign = ~np.isin(ends[0], list(names)) & ~np.isin(ends[1], list(names))
        passing = share * flow * foreign
        for home, own in homes:
            tonnes = float(passing[own].sum())
            if tonnes > 0.0:
                rows.append((home, party, operator, tonnes, float(flow[own].sum())))
    return pd.DataFrame(rows, columns=list(TRANSIT))


def _ways(found: CoupledResult) -> pd.DataFrame:
    result = found.freight.result
    arcs = result.network.arcs[["territory", "rows"]].assign(tonnes=result.flows.sum(axis=0))
    arcs = arcs[arcs["tonnes"] > 0.0].rename(columns={"rows": "row"}).explode("row")
    return pd.DataFrame(arcs.groupby(["territory", "row"], as_index=False)["tonnes"].sum())[list(WAYS)]


def power_structure(result: PowerResult, homes: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Table ``supply`` of a run.

    Returns:
        ``home``; ``by`` (``fuel``: burnt of another's fuel; ``import``; ``builder`` and ``owner`` of the
        plant), ``party``; ``gwh`` of ``whole_gwh``, what the home makes and buys; ``rows`` as
        ``table/key``, ``;`` between. A plant of several parties counts for each of them in equal parts.
    """
    made = result.generation.groupby(["iso3", "carrier"])["generation_gwh"].sum()
    bought = result.exchanges[result.exchanges["received_gwh"] > 0.0]
    whole = (
        made.groupby(level="iso3").sum().add(bought.groupby("importer")["received_gwh"].sum(), fill_value=0.0)
    )
    parts = [*_by_fuel(result, made), *_by_import(result, bought), *_by_plant(result)]
    table = pd.DataFrame(parts, columns=["home", "by", "party", "gwh", "rows"])
    table = table[table["home"].isin(homes) & (table["party"] != table["home"]) & (table["gwh"] > 0.0)]
    keys = ["home", "by", "party"]
    summed = table.groupby(keys, as_index=False).agg({"gwh": "sum", "rows": ";".join})
    summed["whole_gwh"] = summed["home"].map(whole).astype(float)
    return {"supply": summed[list(SUPPLY)]}


_Part = tuple[str, str, str, float, str]


def _by_fuel(result: PowerResult, made: pd.Series[float]) -> list[_Part]:
    origins = result.inputs.origins
    left = origins[~origins["lost"].astype(bool)]
    held = left.groupby(["iso3", "carrier"])["share"].sum()
    out = []
    for row in left.to_dict("records"):
        home, carrier, origin = str(row["iso3"]), str(row["carrier"]), str(row["origin"])
        gwh = float(made.get((home, carrier), 0.0)) * float(row["share"]) / float(held[(home, carrier)])
        out.append((home, "fuel", origin, gwh, f"power_fuels/{home}/{carrier}/{origin}"))
    return out


def _by_import(result: PowerResult, bought: pd.DataFrame) -> list[_Part]:
    cables = result.inputs.case.table("interconnectors")
    ends = list(zip(cables.index, cables["from_iso3"], cables["to_iso3"], cables["status"], strict=True))
    out = []
    for row in bought.to_dict("records"):
        seller, buyer = str(row["exporter"]), str(row["importer"])
        lines = [str(k) for k, a, b, status in ends if {a, b} == {seller, buyer} and status == "operating"]
        rows = ";".join(f"interconnectors/{line}" for line in lines)
        out.append((buyer, "import", seller, float(row["received_gwh"]), rows))
    return out


def _by_plant(result: PowerResult) -> list[_Part]:
    """What plants made: each its part, by capacity, of what the country's plants of its carrier made."""
    fleet = result.inputs.fleet
    made = result.generation.groupby(["iso3", "carrier"])["generation_gwh"].sum()
    keys = ["iso3", "carrier"]
    size = fleet["capacity_mw"].groupby([fleet[name] for name in keys]).transform("sum")
    out = []
    for plant, row, whole in zip(fleet.index, fleet.to_dict("records"), size, strict=True):
        gwh = float(made.get((row["iso3"], row["carrier"]), 0.0))
        gwh *= float(row["capacity_mw"]) / whole if whole > 0.0 else 0.0
        for by, told in (("builder", row["partner"]), ("owner", row["owner"])):
            parties = [code for code in str(told).split(";") if code]
            out += [(str(row["iso3"]), by, code, gwh / len(parties), f"plants/{plant}") for code in parties]
    return out
