"""Attribution of supply to plants, and to partners by fuel, imports, ownership and construction."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sogdia.power.fleet import HYDRO
from sogdia.power.generators import PLANT
from sogdia.power.solution import PowerSolution
from sogdia.power.tables import PLANTS, SUPPLY
from sogdia.units import MWH_PER_GWH

FUEL, IMPORT, OWNER, BUILDER = "fuel", "import", "owner", "builder"
Class = tuple[str, ...]


def plant_output(solution: PowerSolution) -> pd.DataFrame:
    """Return the generation of each plant (:data:`sogdia.power.tables.PLANTS`): its class's, by capacity."""
    generation = _class_generation_mwh(solution)
    fleet = solution.inputs.fleet
    columns = (fleet[name] for name in ("zone", "carrier", "vintage", "reservoir"))
    classes: list[Class] = [
        (zone, carrier, reservoir if carrier == HYDRO else vintage)
        for zone, carrier, vintage, reservoir in zip(*columns, strict=True)
    ]
    total: dict[Class, float] = {}
    for key, capacity in zip(classes, fleet["capacity_mw"], strict=True):
        total[key] = total.get(key, 0.0) + float(capacity)
    share = [
        capacity / total[key] if total[key] > 0 else 0.0
        for key, capacity in zip(classes, fleet["capacity_mw"], strict=True)
    ]
    return PLANTS.frame(
        pd.DataFrame(
            {
                "plant": fleet.index.to_numpy(),
                "zone": fleet["zone"].to_numpy(),
                "iso3": fleet["iso3"].to_numpy(),
                "carrier": fleet["carrier"].to_numpy(),
                "capacity_mw": fleet["capacity_mw"].to_numpy(),
                "generation_gwh": [
                    part * float(generation.get(key, 0.0)) / MWH_PER_GWH
                    for part, key in zip(share, classes, strict=True)
                ],
            }
        )
    )


def _class_generation_mwh(solution: PowerSolution) -> dict[Class, float]:
    """Return annual generation by zone, carrier, and vintage; or the reservoir of hydropower."""
    rows = solution.inputs.generators
    table = rows[["bus", "carrier", "vintage"]].assign(mwh=solution.annual_sum(solution.generator_mw))
    thermal = table[rows["kind"] == PLANT]
    generation: dict[Class, float] = {}
    columns = (thermal[name] for name in ("bus", "carrier", "vintage", "mwh"))
    for zone, carrier, vintage, mwh in zip(*columns, strict=True):
        generation[zone, carrier, vintage] = generation.get((zone, carrier, vintage), 0.0) + float(mwh)
    hydro = solution.annual_sum(solution.hydro_mw)
    reservoirs = solution.inputs.reservoirs
    for bus, name, mwh in zip(reservoirs["bus"], reservoirs["reservoir"], hydro.tolist(), strict=True):
        generation[str(bus), HYDRO, str(name)] = mwh
    return generation


def supply_by_partner(
    solution: PowerSolution, plants: pd.DataFrame, generation: pd.DataFrame, imports: pd.DataFrame
) -> pd.DataFrame:
    """Return the supply of each country that depends on a partner (:data:`sogdia.power.tables.SUPPLY`).

    The channels overlap: a plant may burn one partner's fuel and be owned by another. ``share`` is relative
    to the country's generation and imports. Several owners or builders have equal shares.
    """
    total = generation.groupby("iso3")["generation_gwh"].sum()
    imported = imports.groupby("importer")["received_gwh"].sum()
    total = total.add(imported.reindex(total.index).fillna(0.0))
    rows = [*_fuel_rows(solution, generation), *_plant_rows(solution, plants)]
    columns = (imports["importer"], imports["exporter"], imports["received_gwh"])
    rows += [
        (str(importer), str(exporter), IMPORT, "", float(gwh))
        for importer, exporter, gwh in zip(*columns, strict=True)
        if importer in total.index
    ]
    table = pd.DataFrame(rows, columns=["iso3", "partner", "channel", "carrier", "supply_gwh"])
    keys = ["iso3", "partner", "channel", "carrier"]
    table = table[table["supply_gwh"] > 0].groupby(keys, as_index=False)[["supply_gwh"]].sum()
    return SUPPLY.frame(table.assign(share=table["supply_gwh"] / table["iso3"].map(total).astype(float)))


def _fuel_rows(
    solution: PowerSolution, generation: pd.DataFrame
) -> Iterator[tuple[str, str, str, str, float]]:
    origins = solution.inputs.origins
    available = origins[~origins["lost"].astype(bool)]
    shares = available.groupby(["iso3", "carrier"])["share"].sum().to_dict()
    sums = generation.groupby(["iso3", "carrier"])["generation_gwh"].sum().to_dict()
    for row in available.to_dict("records"):
        key = (row["iso3"], row["carrier"])
        if row["origin"] != row["iso3"] and shares[key] > 0:
            part = float(row["share"]) / shares[key]
            yield row["iso3"], row["origin"], FUEL, row["carrier"], part * float(sums.get(key, 0.0))


def _plant_rows(solution: PowerSolution, plants: pd.DataFrame) -> Iterator[tuple[str, str, str, str, float]]:
    fleet = solution.inputs.fleet
    columns = (plants["iso3"], plants["carrier"], plants["generation_gwh"])
    for channel, codes in ((OWNER, fleet["owner"]), (BUILDER, fleet["partner"])):
        for iso3, carrier, gwh, partners in zip(*columns, codes.fillna(""), strict=True):
            names = [name for name in str(partners).split(";") if name]
            for name in names:
                if name != iso3:
                    yield str(iso3), name, channel, str(carrier), float(gwh) / len(names)
