"""Hourly results of a year as long tables: dispatch, load, unserved energy, flows, storage, prices.

Powers are means over a snapshot, MW. A year's energy is the sum of power times ``weight_h``, the hours that
the snapshot represents. Levels are those at the end of a snapshot, MWh.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from sogdia.errors import CannotRunError, UnknownNameError
from sogdia.files import output_folder, write_csv, write_file
from sogdia.power.arrays import Floats
from sogdia.power.fleet import HYDRO
from sogdia.power.generators import CANDIDATE, PLANT, SHED
from sogdia.power.solution import PowerSolution
from sogdia.power.tables import BUS, CARRIER, COUNTRY, PRICES, ZONE
from sogdia.power.variables import DISPATCH as STORAGE_OUTPUT
from sogdia.power.variables import LEVEL, STORE
from sogdia.tables.results import ResultColumn, ResultTable, declared, number, package_of, text

FileType = Literal["parquet", "csv"]
DESCRIPTOR = "hourly.json"
"""Descriptor of the hourly tables; a folder may also have the ``datapackage.json`` of the annual ones."""

SNAPSHOT = PRICES.column("snapshot")
WEIGHT = number("weight_h", "h", "Hours represented", "Hours of the year that the snapshot represents.")
OF_COUNTRY, OF_ZONE = replace(COUNTRY, is_key=False), replace(ZONE, is_key=False)
GENERATION_MW = number("generation_mw", "MW", "Generation", "Generation, net of own use.")


def _hourly(name: str, title: str, meaning: str, *columns: ResultColumn) -> ResultTable:
    """Declare a table whose rows have a snapshot and its weight."""
    return ResultTable(f"hourly_{name}", title, meaning, (SNAPSHOT, WEIGHT, *columns))


DISPATCH = _hourly(
    "dispatch",
    "Hourly generation by carrier",
    "Generation of a carrier in a zone and snapshot.",
    ZONE,
    OF_COUNTRY,
    CARRIER,
    GENERATION_MW,
    number(
        "available_mw",
        "MW",
        "Available capacity",
        "Output that plants, sun and wind allow; for hydropower the turbines, whatever the water.",
    ),
)
LOAD = _hourly(
    "load",
    "Hourly load",
    "Load of a zone in a snapshot.",
    ZONE,
    OF_COUNTRY,
    number("load_mw", "MW", "Load", "Load, served or not."),
)
UNSERVED = _hourly(
    "unserved",
    "Hourly unserved energy",
    "Unserved load of a zone in a snapshot.",
    ZONE,
    OF_COUNTRY,
    number("unserved_mw", "MW", "Unserved load", "Load that is not supplied."),
)
FLOWS = _hourly(
    "flows",
    "Hourly flows on interconnectors",
    "Flow of one direction of an interconnector in a snapshot.",
    text("line", "Line", "Interconnector; it has a row for each direction.", key=True),
    replace(BUS, name="from_bus", label="From"),
    replace(BUS, name="to_bus", label="To"),
    number("capacity_mw", "MW", "Capacity", "Capacity of the direction."),
    number("sent_mw", "MW", "Sent", "Power that enters the line."),
    number("received_mw", "MW", "Received", "Power delivered by the line, net of losses."),
)
RESERVOIRS = _hourly(
    "reservoirs",
    "Hourly reservoir levels",
    "Level, inflow and generation of a reservoir in a snapshot.",
    text("reservoir", "Reservoir", "Hydropower reservoir, or all those of a zone.", key=True),
    OF_ZONE,
    number("level_mwh", "MWh", "Level", "Energy stored at the end of the snapshot."),
    number("storage_mwh", "MWh", "Storage", "Energy stored in the full reservoir."),
    number("inflow_mw", "MW", "Inflow", "Inflow, as electricity."),
    GENERATION_MW,
)
BATTERIES = _hourly(
    "batteries",
    "Hourly state of batteries",
    "Charge and level of a battery in a snapshot.",
    text("battery", "Battery", "Battery, or all those of a zone.", key=True),
    OF_ZONE,
    number("charge_mw", "MW", "Charging", "Power taken from the zone."),
    number("discharge_mw", "MW", "Discharging", "Power supplied to the zone."),
    number("level_mwh", "MWh", "Level", "Energy stored at the end of the snapshot."),
)
HOURLY_PRICES = _hourly(
    "prices",
    "Hourly marginal prices",
    "Marginal price of a bus in a snapshot.",
    BUS,
    PRICES.column("price_usd_per_mwh"),
)

HOURLY_TABLES = declared(DISPATCH, LOAD, UNSERVED, FLOWS, RESERVOIRS, BATTERIES, HOURLY_PRICES)
"""Tables of :meth:`sogdia.power.PowerResult.hourly_tables`, by name."""


def hourly_tables(solution: PowerSolution) -> Mapping[str, pd.DataFrame]:
    """Return the hourly tables of a solved year by name (:data:`HOURLY_TABLES`).

    A table without components, such as that of batteries in a dispatch, has no rows.
    """
    return MappingProxyType(
        {
            DISPATCH.name: _dispatch(solution),
            LOAD.name: _load(solution),
            UNSERVED.name: _unserved(solution),
            FLOWS.name: _flows(solution),
            RESERVOIRS.name: _reservoirs(solution),
            BATTERIES.name: _batteries(solution),
            HOURLY_PRICES.name: _prices(solution),
        }
    )


def _long(
    solution: PowerSolution, table: ResultTable, labels: pd.DataFrame, **values: Floats
) -> pd.DataFrame:
    """Return arrays over snapshots and components, (T, N) each, as a long table.

    Args:
        solution: Solved year.
        table: Declaration.
        labels: One row per component.
        values: Arrays by column.
    """
    snapshots = solution.inputs.snapshots
    count, components = len(snapshots.time), len(labels)
    rows = labels.iloc[np.tile(np.arange(components), count)].reset_index(drop=True)
    rows["snapshot"] = pd.DatetimeIndex(np.repeat(snapshots.time, components))
    rows["weight_h"] = np.repeat(snapshots.weight_h, components)
    for name, array in values.items():
        rows[name] = np.broadcast_to(array, (count, components)).ravel()
    return table.frame(rows)


def _dispatch(solution: PowerSolution) -> pd.DataFrame:
    """Return generation by zone and carrier; batteries have a table of their own."""
    inputs = solution.inputs
    rows, reservoirs = inputs.generators, inputs.reservoirs
    is_plant = rows["kind"].isin([PLANT, CANDIDATE]).to_numpy()
    plants = rows[is_plant]
    labels = pd.concat(
        [
            pd.DataFrame({"zone": plants["bus"], "iso3": plants["iso3"], "carrier": plants["carrier"]}),
            pd.DataFrame({"zone": reservoirs["bus"], "iso3": reservoirs["iso3"], "carrier": HYDRO}),
        ],
        ignore_index=True,
    )
    turbines = (reservoirs["p_nom_mw"] * reservoirs["p_max"]).to_numpy(dtype=np.float64)
    generation = np.column_stack([solution.generator_mw[:, is_plant], solution.hydro_mw])
    available = np.column_stack(
        [
            inputs.p_max[:, is_plant] * plants["p_nom_mw"].to_numpy(dtype=np.float64),
            np.broadcast_to(turbines, solution.hydro_mw.shape),
        ]
    )
    group = labels.groupby(["zone", "iso3", "carrier"], sort=True)
    names = group.size().reset_index()[["zone", "iso3", "carrier"]]
    number_of = group.ngroup().to_numpy()
    return _long(
        solution,
        DISPATCH,
        names,
        generation_mw=_summed(generation, number_of, len(names)),
        available_mw=_summed(available, number_of, len(names)),
    )


def _summed(values: Floats, group: Any, count: int) -> Floats:
    """Return the sum of columns by group, (T, N) to (T, ``count``)."""
    is_in = np.asarray(group)[:, None] == np.arange(count)
    return np.asarray(values @ is_in.astype(np.float64), dtype=np.float64)


def _zones(solution: PowerSolution) -> pd.DataFrame:
    zones = solution.inputs.zones.table
    return pd.DataFrame({"zone": list(map(str, zones.index)), "iso3": zones["iso3"].to_numpy()})


def _load(solution: PowerSolution) -> pd.DataFrame:
    return _long(solution, LOAD, _zones(solution), load_mw=solution.inputs.load_mw)


def _unserved(solution: PowerSolution) -> pd.DataFrame:
    rows = solution.inputs.generators
    labels = _zones(solution)
    is_shed = (rows["kind"] == SHED).to_numpy()
    number_of = {zone: number for number, zone in enumerate(labels["zone"])}
    group = [number_of[str(bus)] for bus in rows["bus"][is_shed]]
    shed = _summed(solution.generator_mw[:, is_shed], group, len(labels))
    return _long(solution, UNSERVED, labels, unserved_mw=shed)


def _flows(solution: PowerSolution) -> pd.DataFrame:
    links = solution.inputs.links
    labels = pd.DataFrame(
        {
            "line": links["line"].to_numpy(),
            "from_bus": links["bus0"].to_numpy(),
            "to_bus": links["bus1"].to_numpy(),
            "capacity_mw": links["p_nom_mw"].to_numpy(dtype=np.float64),
        }
    )
    sent = solution.flow_mw
    received = sent * links["efficiency"].to_numpy(dtype=np.float64)
    return _long(solution, FLOWS, labels, sent_mw=sent, received_mw=received)


def _reservoirs(solution: PowerSolution) -> pd.DataFrame:
    reservoirs = solution.inputs.reservoirs
    storage = reservoirs["storage_mwh"].to_numpy(dtype=np.float64)
    labels = pd.DataFrame(
        {"reservoir": reservoirs.index, "zone": reservoirs["bus"].to_numpy(), "storage_mwh": storage}
    )
    return _long(
        solution,
        RESERVOIRS,
        labels,
        level_mwh=solution.level_mwh,
        inflow_mw=solution.inputs.inflow_mw,
        generation_mw=solution.hydro_mw,
    )


def _batteries(solution: PowerSolution) -> pd.DataFrame:
    batteries = solution.inputs.batteries
    names = list(batteries.index)
    labels = pd.DataFrame({"battery": names, "zone": batteries["bus"].to_numpy()})
    kinds = {"charge_mw": STORE, "discharge_mw": STORAGE_OUTPUT, "level_mwh": LEVEL}
    shape = (len(solution.inputs.snapshots.time), 0)
    values = {
        column: solution.solution.values[solution.program.columns_of(kind, names)] + 0.0
        if names
        else np.zeros(shape)
        for column, kind in kinds.items()
    }
    return _long(solution, BATTERIES, labels, **values)


def _prices(solution: PowerSolution) -> pd.DataFrame:
    prices = solution.price_usd_per_mwh
    labels = pd.DataFrame({"bus": list(map(str, prices.columns))})
    return _long(solution, HOURLY_PRICES, labels, price_usd_per_mwh=prices.to_numpy(dtype=np.float64))


def write_hourly(
    tables: Mapping[str, pd.DataFrame], folder: Path, file_type: FileType = "parquet"
) -> tuple[Path, ...]:
    """Write hourly tables and a descriptor of their columns and units, all of them or none.

    Args:
        tables: Tables by name (:func:`hourly_tables`).
        folder: Folder; created if it does not exist.
        file_type: ``parquet`` or ``csv``.

    Returns:
        The files.

    Raises:
        UnknownNameError: If the file type is not known.
        CannotRunError: If the folder cannot be written, or pyarrow is not installed for Parquet.
    """
    if file_type not in get_args(FileType):
        raise UnknownNameError("format of hourly tables", file_type, get_args(FileType))
    names = [f"{name}.{file_type}" for name in tables]
    with output_folder(folder) as draft:
        for table, name in zip(tables.values(), names, strict=True):
            if file_type == "csv":
                write_csv(draft / name, table)
            else:
                _write_parquet(draft / name, table)
        package = package_of("power_hourly", HOURLY_TABLES, file_type)
        write_file(draft / DESCRIPTOR, json.dumps(package, ensure_ascii=False, indent=2) + "\n")
    return tuple(folder / name for name in (*names, DESCRIPTOR))


def _write_parquet(path: Path, table: pd.DataFrame) -> None:
    try:
        table.to_parquet(path, index=False, compression="zstd")
    except ImportError as error:
        message = "Parquet needs pyarrow: pip install 'sogdia[study]'; or write CSV with --format csv"
        raise CannotRunError(message) from error
