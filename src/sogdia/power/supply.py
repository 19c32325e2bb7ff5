"""Who stands behind the load: fuel, imports, owners and builders of what is supplied, by partner."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sogdia.power.components import PLANT
from sogdia.power.fleet import HYDRO
from sogdia.power.solution import MWH_PER_GWH, PowerSolution

FUEL, IMPORT, OWNER, BUILDER = "fuel", "import", "owner", "builder"


def plant_output(solved: PowerSolution) -> pd.DataFrame:
    """What each plant makes: that of its class, by capacity.

    Returns:
        As ``plants`` is declared: ``plant``, ``zone``, ``iso3``, ``carrier``, ``capacity_mw``,
        ``generation_gwh``.
    """
    rows = solved.inputs.generators
    classes = rows[["bus", "carrier", "vintage"]].assign(made=solved.year(solved.generator_mw))
    thermal = classes[rows["kind"] == PLANT]
    water = solved.inputs.reservoirs
    hydro: dict[tuple[str, ...], float] = {
        (str(bus), HYDRO): float(made)
        for bus, made in zip(water["bus"], solved.year(solved.hydro_mw), strict=True)
    }
    made: dict[tuple[str, ...], float] = {}
    columns = (thermal[name] for name in ("bus", "carrier", "vintage", "made"))
    for zone, carrier, vintage, mwh in zip(*columns, strict=True):
        made[zone, carrier, vintage] = made.get((zone, carrier, vintage), 0.0) + float(mwh)
    fleet = solved.inputs.fleet
    keys = [
        (zone, carrier) if carrier == HYDRO else (zone, carrier, vintage)
        for zone, carrier, vintage in zip(fleet["zone"], fleet["carrier"], fleet["vintage"], strict=True)
    ]
    whole: dict[tuple[str, ...], float] = {}
    for key, capacity in zip(keys, fleet["capacity_mw"], strict=True):
        whole[key] = whole.get(key, 0.0) + float(capacity)
    both = {**made, **hydro}
    share = [
        capacity / whole[key] if whole[key] > 0 else 0.0
        for key, capacity in zip(keys, fleet["capacity_mw"], strict=True)
    ]
    return pd.DataFrame(
        {
            "plant": fleet.index.to_numpy(),
            "zone": fleet["zone"].to_numpy(),
            "iso3": fleet["iso3"].to_numpy(),
            "carrier": fleet["carrier"].to_numpy(),
            "capacity_mw": fleet["capacity_mw"].to_numpy(),
            "generation_gwh": [
                part * float(both.get(key, 0.0)) / MWH_PER_GWH for part, key in zip(share, keys, strict=True)
            ],
        }
    )


def supply_of(
    solved: PowerSolution, plants: pd.DataFrame, generation: pd.DataFrame, imports: pd.DataFrame
) -> pd.DataFrame:
    """Supply of each country that hangs on a partner, by channel, as ``supply`` is declared.

    The channels overlap: a plant may burn a partner's fuel and be owned by another. ``share`` is over all
    generation and imports of the country. What several own or built is shared equally.
    """
    whole = generation.groupby("iso3")["generation_gwh"].sum()
    bought = imports.groupby("importer")["received_gwh"].sum()
    whole = whole.add(bought.reindex(whole.index).fillna(0.0))
    found = [*_fuel(solved, generation), *_behind(solved, plants)]
    columns = (imports["importer"], imports["exporter"], imports["received_gwh"])
    found += [
        (str(to), str(by), IMPORT, "", float(gwh))
        for to, by, gwh in zip(*columns, strict=True)
        if to in whole.index
    ]
    table = pd.DataFrame(found, columns=["iso3", "partner", "channel", "carrier", "supply_gwh"])
    keys = ["iso3", "partner", "channel", "carrier"]
    table = table[table["supply_gwh"] > 0].groupby(keys, as_index=False)[["supply_gwh"]].sum()
    return table.assign(share=table["supply_gwh"] / table["iso3"].map(whole).astype(float))


def _fuel(solved: PowerSolution, generation: pd.DataFrame) -> Iterator[tuple[str, str, str, str, float]]:
    origins = solved.inputs.origins
    there = origins[~origins["lost"].astype(bool)]
    left = there.groupby(["iso3", "carrier"])["share"].sum().to_dict()
    made = generation.groupby(["iso3", "carrier"])["generation_gwh"].sum().to_dict()
    for row in there.to_dict("records"):
        key = (row["iso3"], row["carrier"])
        if row["origin"] != row["iso3"] and left[key] > 0:
            part = float(row["share"]) / left[key]
            yield row["iso3"], row["origin"], FUEL, row["carrier"], part * float(made.get(key, 0.0))


def _behind(solved: PowerSolution, plants: pd.DataFrame) -> Iterator[tuple[str, str, str, str, float]]:
    fleet = solved.inputs.fleet
    columns = (plants["iso3"], plants["carrier"], plants["generation_gwh"])
    for channel, codes in ((OWNER, fleet["owner"]), (BUILDER, fleet["partner"])):
        for iso3, carrier, gwh, told in zip(*columns, codes.fillna(""), strict=True):
            names = [name for name in str(told).split(";") if name]
            for name in names:
                if name != iso3:
                    yield str(iso3), name, channel, str(carrier), float(gwh) / len(names)
