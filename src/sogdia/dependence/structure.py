"""Structure of trade, transit and electricity supply by partner, read from the results of runs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.codes import OPERATING
from sogdia.coupling.results import CoupledResult
from sogdia.finance.lenders import partner_by_party
from sogdia.power import PowerResult
from sogdia.trade.goods import PAIR

TRADE = ("home", "side", "economy", "commodity", "value_musd", "tonnes")
TRANSIT = ("home", "party", "operator", "tonnes", "total_t")
USED_ROWS = ("territory", "row", "tonnes")
SUPPLY = ("home", "by", "party", "gwh", "total_gwh", "rows")


def goods_structure(result: CoupledResult) -> dict[str, pd.DataFrame]:
    """Compile the tables ``trade``, ``transit`` and ``used_rows`` of a run.

    Returns:
        ``trade``: exports and imports of each home (``side``), by the other economy and commodity.
        ``transit``: tonnes of each home's trade that pass a territory without starting or ending in it, of
        ``total_t`` delivered (``operator`` empty), and tonnes on arcs of a known operator (``party`` empty).
        ``used_rows``: tonnes of all goods on the network rows of each territory.
    """
    return {"trade": _trade(result), "transit": _transit(result), "used_rows": _used_rows(result)}


def _trade(result: CoupledResult) -> pd.DataFrame:
    flows = result.flows()
    flows = flows[flows["exporter"] != flows["importer"]]
    parts = []
    for side, own, other in (("export", *PAIR), ("import", *PAIR[::-1])):
        rows = flows[flows[own].isin(result.case.region.home) & (flows["after_musd"] > 0.0)]
        named = {own: "home", other: "economy", "after_musd": "value_musd", "after_t": "tonnes"}
        parts.append(rows.rename(columns=named).assign(side=side)[list(TRADE)])
    return pd.concat(parts, ignore_index=True)


def _transit(result: CoupledResult) -> pd.DataFrame:
    assigned = result.freight.result
    arcs, table = assigned.network.arcs, result.freight.supernetwork.identified(assigned.demand)
    ends = [table[name].to_numpy(dtype=str) for name in PAIR]
    flow = table["flow"].to_numpy(dtype=np.float64)
    homes = [(home, (ends[0] == home) ^ (ends[1] == home)) for home in result.case.region.home]
    partner = partner_by_party(result.case)
    places: dict[tuple[str, str], set[str]] = {}
    for territory in sorted(set(arcs["territory"]) - {""}):
        places.setdefault((partner.get(territory, territory), ""), set()).add(territory)
    for name in sorted(set(arcs["operator"]) - {""}):
        places[("", name)] = {name}
    inside = np.array(
        [arcs["operator" if by else "territory"].isin(names) for (_, by), names in places.items()], dtype=bool
    )
    shares = assigned.loading.each_share(inside.reshape(len(places), len(arcs)))
    rows = []
    for ((party, operator), names), share in zip(places.items(), shares, strict=True):
        is_foreign = ~np.isin(ends[0], list(names)) & ~np.isin(ends[1], list(names))
        transit = share * flow * is_foreign
        for home, is_own in homes:
            tonnes = float(transit[is_own].sum())
            if tonnes > 0.0:
                rows.append((home, party, operator, tonnes, float(flow[is_own].sum())))
    return pd.DataFrame(rows, columns=list(TRANSIT))


def _used_rows(result: CoupledResult) -> pd.DataFrame:
    assigned = result.freight.result
    arcs = assigned.network.arcs[["territory", "rows"]].assign(tonnes=assigned.flows.sum(axis=0))
    arcs = arcs[arcs["tonnes"] > 0.0].rename(columns={"rows": "row"}).explode("row")
    return pd.DataFrame(arcs.groupby(["territory", "row"], as_index=False)["tonnes"].sum())[list(USED_ROWS)]


def power_structure(result: PowerResult, homes: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Compile the table ``supply`` of a run.

    Returns:
        ``home``; ``by`` (``fuel``: generated from the party's fuel; ``import``; ``builder`` and ``owner`` of
        the plant), ``party``; ``gwh`` of ``total_gwh``, generation and imports of the home; ``rows`` as
        ``table/key``, separated by ``;``. A plant of several parties counts for each in equal parts.
    """
    generated = result.generation.groupby(["iso3", "carrier"])["generation_gwh"].sum()
    imported = result.exchanges[result.exchanges["received_gwh"] > 0.0]
    total = (
        generated.groupby(level="iso3")
        .sum()
        .add(imported.groupby("importer")["received_gwh"].sum(), fill_value=0.0)
    )
    parts = [*_by_fuel(result, generated), *_by_import(result, imported), *_by_plant(result)]
    table = pd.DataFrame(parts, columns=["home", "by", "party", "gwh", "rows"])
    table = table[table["home"].isin(homes) & (table["party"] != table["home"]) & (table["gwh"] > 0.0)]
    keys = ["home", "by", "party"]
    summed = table.groupby(keys, as_index=False).agg({"gwh": "sum", "rows": ";".join})
    summed["total_gwh"] = summed["home"].map(total).astype(float)
    return {"supply": summed[list(SUPPLY)]}


_Part = tuple[str, str, str, float, str]


def _by_fuel(result: PowerResult, generated: pd.Series[float]) -> list[_Part]:
    origins = result.inputs.origins
    available = origins[~origins["lost"].astype(bool)]
    held = available.groupby(["iso3", "carrier"])["share"].sum()
    out = []
    for row in available.to_dict("records"):
        home, carrier, origin = str(row["iso3"]), str(row["carrier"]), str(row["origin"])
        gwh = float(generated.get((home, carrier), 0.0)) * float(row["share"]) / float(held[(home, carrier)])
        out.append((home, "fuel", origin, gwh, f"power_fuels/{home}/{carrier}/{origin}"))
    return out


def _by_import(result: PowerResult, imported: pd.DataFrame) -> list[_Part]:
    cables = result.inputs.case.table("interconnectors")
    ends = list(zip(cables.index, cables["from_iso3"], cables["to_iso3"], cables["status"], strict=True))
    out = []
    for row in imported.to_dict("records"):
        seller, buyer = str(row["exporter"]), str(row["importer"])
        lines = [str(k) for k, a, b, status in ends if {a, b} == {seller, buyer} and status == OPERATING]
        rows = ";".join(f"interconnectors/{line}" for line in lines)
        out.append((buyer, "import", seller, float(row["received_gwh"]), rows))
    return out


def _by_plant(result: PowerResult) -> list[_Part]:
    """Attribute the generation of a carrier to its plants by capacity, and to their builders and owners."""
    fleet = result.inputs.fleet
    generated = result.generation.groupby(["iso3", "carrier"])["generation_gwh"].sum()
    keys = ["iso3", "carrier"]
    size = fleet["capacity_mw"].groupby([fleet[name] for name in keys]).transform("sum")
    out = []
    for plant, row, total in zip(fleet.index, fleet.to_dict("records"), size, strict=True):
        gwh = float(generated.get((row["iso3"], row["carrier"]), 0.0))
        gwh *= float(row["capacity_mw"]) / total if total > 0.0 else 0.0
        for by, parties_cell in (("builder", row["partner"]), ("owner", row["owner"])):
            parties = [code for code in str(parties_cell).split(";") if code]
            out += [(str(row["iso3"]), by, code, gwh / len(parties), f"plants/{plant}") for code in parties]
    return out
