"""Calibrated constants: the few figures by which prices, times and choices differ from the tables.

Charges of an arc are the tables' charges times the factor of its mode (tariffs: line-haul and the fixed part
of a rate) or of handling (other charges of transfers and access); time likewise. Class k also pays
``border / 100 · usd_per_t_k`` at each border crossing, which covers all costs of crossing beyond dwell and
fee: papers, risk, agents; it is a generalised cost, but no charge. The value of time is the commodity's times
a factor. The spread of times at borders costs ``reliability_ratio`` hours an hour
(:mod:`sogdia.freight.supernetwork.reliability`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sogdia.assignment.kernels.arrays import Bools, Floats
from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.freight.supernetwork.arcs import ACCESS, CROSSING, HAUL, PIPELINE_HAUL, TRANSFER
from sogdia.freight.supernetwork.charges import tariff_modes
from sogdia.freight.supernetwork.loads import CARGO_TYPES
from sogdia.freight.supernetwork.reliability import spread_h
from sogdia.model_errors import problem_of
from sogdia.units import convert

ENGINE = "freight"
BORDER = "border_pct"
REFERENCE_VALUE = 1000.0
"""Value by weight for which θ is given, USD/t."""
PER_CENT = 100.0
HOURS_PER_DAY = convert(1.0, "d", "h")

Factor = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class Constants(BaseModel):
    """Constants of the freight engine; the defaults leave the tables' figures unchanged.

    Attributes:
        value_of_time: Factor on the value of time.
        border_pct: Cost of crossing a border beyond its dwell and fee, per cent of the goods' value.
        border_pct_of: Cost added to it at the borders of some parties, per cent.
        rail: Factor on charges of line-haul by rail.
        road: Factor on charges of line-haul by road.
        sea: Factor on charges of line-haul by sea.
        ferry: Factor on charges of line-haul by ferry.
        handling: Factor on charges of transfers and of access to rail and ports.
        rail_time: Factor on time of line-haul by rail: stops, shunting, waits for engines.
        road_time: Factor on time of line-haul by road: a driver's rest.
        dwell_time: Factor on time at borders, transfers and access.
        reliability_ratio: Hours of time that an hour of standard deviation of time is as bad as.
        dwell_variation: Coefficient of variation of times at borders whose spread is not known.
        theta: Scale of the logit for goods of 1,000 USD/t, one over USD/t.
        theta_value: Exponent e by which it falls with value: ``θ_k = theta · (usd_per_t_k / 1000)^−e``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value_of_time: Factor = 1.0
    border_pct: Share = 0.0
    border_pct_of: Mapping[str, Share] = {}
    rail: Factor = 1.0
    road: Factor = 1.0
    sea: Factor = 1.0
    ferry: Factor = 1.0
    handling: Factor = 1.0
    rail_time: Factor = 1.0
    road_time: Factor = 1.0
    dwell_time: Factor = 1.0
    reliability_ratio: Annotated[float, Field(ge=0, le=5)] = 0.0
    dwell_variation: Annotated[float, Field(ge=0, le=10)] = 0.0
    theta: Factor = 0.05
    theta_value: Annotated[float, Field(ge=0, le=2)] = 0.5

    def replaced(self, values: Mapping[str, float]) -> Constants:
        """Return constants with other values, by name; ``border_pct/PARTY`` is an entry of ``border_pct_of``.

        Raises:
            InputError: If a name is unknown or a value is out of range.
        """
        fields: dict[str, Any] = self.model_dump()
        borders = dict(self.border_pct_of)
        for name, value in values.items():
            field, party = parameter_of(name)
            if party and field == BORDER:
                borders[party] = value
            else:
                fields[name] = value
        try:
            return Constants.model_validate({**fields, "border_pct_of": borders})
        except ValidationError as error:
            first = error.errors()[0]
            raise InputError(f"calibration.csv: {first['loc'][0]}: {problem_of(first)}") from error

    def value(self, name: str) -> float:
        """Return the value of a constant by its name, as :meth:`replaced` reads it."""
        field, party = parameter_of(name)
        return self.border_pct_of.get(party, 0.0) if party else float(getattr(self, field))


def parameter_of(name: str) -> tuple[str, str]:
    """Return the field and the party that a cell ``parameter`` of ``calibration.csv`` names.

    >>> parameter_of("border_pct/XAA"), parameter_of("rail")
    (('border_pct', 'XAA'), ('rail', ''))
    """
    field, _, party = name.partition("/")
    return field, party


def constants_of(case: Case) -> Constants:
    """Return the constants in the case's table ``calibration``; one without a value keeps its default.

    Raises:
        InputError: If a row names no parameter of this engine or its value is out of range.
    """
    rows = case.table("calibration")
    own = rows[(rows["engine"] == ENGINE) & rows["value"].notna()]
    return Constants().replaced(
        {str(n): float(v) for n, v in zip(own["parameter"], own["value"], strict=True)}
    )


def apply_constants(arcs: pd.DataFrame, constants: Constants) -> pd.DataFrame:
    """Return arcs with calibrated charges and times."""
    is_haul = arcs["kind"].eq(HAUL).to_numpy(dtype=bool)
    is_handling = arcs["kind"].isin([TRANSFER, ACCESS]).to_numpy(dtype=bool)
    others = np.where(is_handling, constants.handling, 1.0)
    modes = tariff_modes(arcs)
    by_mode = _by_mode(modes, constants, "")
    out = arcs.copy()
    for cargo in CARGO_TYPES:
        names = [f"{part}usd_per_t_{cargo}" for part in ("", "tariff_", "transit_")]
        total, tariff, transit = (arcs[name].to_numpy(dtype=np.float64) for name in names)
        out[names[0]] = (total - tariff) * others + tariff * by_mode
        out[names[1]], out[names[2]] = tariff * by_mode, transit * by_mode
    dwell = np.where(arcs["kind"].eq(PIPELINE_HAUL), 1.0, constants.dwell_time)
    time_factor = np.where(is_haul, _by_mode(arcs["mode"], constants, "_time"), dwell)
    for name in ("free_flow_cost", "time_h", "delay_scale", "dwell_sd_h"):
        out[name] = arcs[name].to_numpy(dtype=np.float64) * time_factor
    return out


def _by_mode(modes: pd.Series, constants: Constants, suffix: str) -> Floats:
    """Return the constant named after each arc's mode, 1 where there is none, (A,)."""
    known = {mode: getattr(constants, f"{mode}{suffix}", 1.0) for mode in set(modes)}
    return np.asarray(modes.map(known).to_numpy(dtype=np.float64))


def border_costs_pct(arcs: pd.DataFrame, constants: Constants) -> Floats:
    """Return the cost of each arc's border crossing, per cent of the goods' value, (A,)."""
    is_crossing = arcs["kind"].eq(CROSSING).to_numpy(dtype=np.float64)
    pct = np.asarray(is_crossing * constants.border_pct, dtype=np.float64)
    for party, added_pct in constants.border_pct_of.items():
        is_own = (arcs["from_iso3"].eq(party) | arcs["to_iso3"].eq(party)).to_numpy(dtype=np.float64)
        pct = np.asarray(pct + added_pct * is_own, dtype=np.float64)
    return pct


def class_costs(
    arcs: pd.DataFrame,
    charges: Floats,
    added_hours: Floats,
    class_commodities: Sequence[str],
    barred: Bools,
    commodities: pd.DataFrame,
    constants: Constants,
) -> tuple[Floats, Floats]:
    """Return the costs of each class beyond the arcs' time, h, (K, A), and its value of time, USD/t/h, (K,).

    ``h_ak + (m_ak + border_a / 100 · usd_per_t_k) / vot_k + reliability_ratio · sd_ak``, infinite
    where barred (K, A), with
    ``vot_k = value_of_time · usd_per_t_k · value_of_time_pct_per_day_k / 100 / 24``.

    Args:
        arcs: Arcs with calibrated charges.
        charges: Charges of each class on each arc, USD/t, (K, A).
        added_hours: Hours of each class on each arc beyond the arc's own, (K, A).
        class_commodities: Commodity of each class.
        barred: Arcs each class may not use, (K, A).
        commodities: The table ``commodities``.
        constants: Calibrated constants.
    """
    rows: Mapping[Any, Mapping[Any, Any]] = commodities.to_dict("index")
    border = border_costs_pct(arcs, constants) / PER_CENT
    hours = arcs["time_h"].to_numpy(dtype=np.float64)
    costs_h = np.empty((len(class_commodities), len(arcs)))
    value_of_time = np.empty(len(class_commodities))
    for k, commodity in enumerate(class_commodities):
        row = rows[commodity]
        usd_per_t = float(row["usd_per_t"])
        per_day = constants.value_of_time * usd_per_t * float(row["value_of_time_pct_per_day"]) / PER_CENT
        value_of_time[k] = per_day / HOURS_PER_DAY
        spread = spread_h(arcs, hours + added_hours[k], constants.dwell_variation)
        costs_h[k] = added_hours[k] + (charges[k] + border * usd_per_t) / value_of_time[k]
        costs_h[k] += constants.reliability_ratio * spread
    costs_h[barred] = np.inf
    return costs_h, value_of_time


def thetas(class_commodities: Sequence[str], commodities: pd.DataFrame, constants: Constants) -> Floats:
    """Return the logit scale θ of each class, one over USD/t, (K,).

    Args:
        class_commodities: Commodity of each class.
        commodities: The table ``commodities``.
        constants: Calibrated constants.
    """
    usd_per_t = commodities["usd_per_t"].astype(float).to_dict()
    ratio = np.array([usd_per_t[commodity] / REFERENCE_VALUE for commodity in class_commodities])
    return np.asarray(constants.theta * ratio**-constants.theta_value)
