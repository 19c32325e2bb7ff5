"""Calibrated constants: the few figures by which prices, times and choices differ from the tables.

Money of an arc is the tables' money times the factor of its mode (line-haul) or of handling (transfers
and access); time likewise. Class k pays besides on each land border ``border / 100 · usd_per_t_k``, which
stands for all that crossing takes beyond dwell and fee: papers, risk, agents; it is a cost, but nobody's
price. The value of time is the commodity's times a factor.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sogdia.assignment.kernels.arrays import Bools, Floats
from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.freight.supernetwork.rates import CARGOS

ENGINE = "freight"
BORDER = "border_pct"
HOURS_PER_DAY = 24.0
USUAL_VALUE = 1000.0
"""Value by weight at which θ is told, USD/t."""

Factor = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class Constants(BaseModel):
    """Constants of the freight engine; the tables as they stand where none is given.

    Attributes:
        value_of_time: Factor on what a day is worth.
        border_pct: Cost of crossing a land border beyond its dwell and fee, per cent of the goods' value.
        border_pct_of: The same besides, at the borders of some parties.
        rail: Factor on money of rail haul; the next three alike.
        road: See ``rail``.
        sea: See ``rail``.
        ferry: See ``rail``.
        handling: Factor on money of transfers and of access to rail and ports.
        rail_time: Factor on time of rail haul: stops, shunting, waits for engines.
        road_time: Factor on time of road haul: a driver's rest.
        dwell_time: Factor on time at borders, transfers and access.
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
    theta: Factor = 0.05
    theta_value: Annotated[float, Field(ge=0, le=2)] = 0.5

    def changed(self, values: Mapping[str, float]) -> Constants:
        """With other values, by name; ``border_pct/PARTY`` names one of ``border_pct_of``.

        Raises:
            InputError: If a name is not known or a value is out of range.
        """
        plain: dict[str, Any] = self.model_dump()
        borders = dict(self.border_pct_of)
        for name, value in values.items():
            stem, _, party = name.partition("/")
            if party and stem == BORDER:
                borders[party] = value
            else:
                plain[name] = value
        try:
            return Constants.model_validate({**plain, "border_pct_of": borders})
        except ValidationError as error:
            first = error.errors()[0]
            raise InputError(f"calibration.csv: {first['loc'][0]}: {first['msg']}") from error

    def value(self, name: str) -> float:
        """The value of that name."""
        stem, _, party = name.partition("/")
        return self.border_pct_of.get(party, 0.0) if party else float(getattr(self, stem))


def constants_of(case: Case) -> Constants:
    """Constants in the case's table ``calibration``; a parameter without a value keeps its default.

    Raises:
        InputError: If a row names no parameter of this engine or its value is out of range.
    """
    rows = case.table("calibration")
    mine = rows[(rows["engine"] == ENGINE) & rows["value"].notna()]
    return Constants().changed(
        {str(n): float(v) for n, v in zip(mine["parameter"], mine["value"], strict=True)}
    )


def priced(arcs: pd.DataFrame, constants: Constants) -> pd.DataFrame:
    """Arcs with the money that is paid and the time that is taken once both are calibrated."""
    hauled = arcs["kind"].eq("haul").to_numpy(dtype=bool)
    handled = arcs["kind"].isin(["transfer", "access"]).to_numpy(dtype=bool)
    factor = np.where(hauled, _by_mode(arcs, constants, ""), np.where(handled, constants.handling, 1.0))
    out = arcs.copy()
    for cargo in CARGOS:
        out[f"usd_per_t_{cargo}"] = arcs[f"usd_per_t_{cargo}"].to_numpy(dtype=np.float64) * factor
    still = np.where(arcs["kind"].eq("pipeline"), 1.0, constants.dwell_time)
    slower = np.where(hauled, _by_mode(arcs, constants, "_time"), still)
    for name in ("fixed", "time_h", "scale"):
        out[name] = arcs[name].to_numpy(dtype=np.float64) * slower
    return out


def _by_mode(arcs: pd.DataFrame, constants: Constants, ending: str) -> Floats:
    """The constant called after each arc's mode, 1 where there is none, (A,)."""
    known = {mode: getattr(constants, f"{mode}{ending}", 1.0) for mode in set(arcs["mode"])}
    return np.asarray(arcs["mode"].map(known).to_numpy(dtype=np.float64))


def borders(arcs: pd.DataFrame, constants: Constants) -> Floats:
    """Cost of each arc's land border, per cent of the goods' value, (A,).

    The parties on both sides stand in the key of its row: ``crossings/place/from/to/mode``.
    """
    at_border = arcs["kind"].eq("crossing").to_numpy(dtype=np.float64)
    pct = np.asarray(at_border * constants.border_pct, dtype=np.float64)
    sides = arcs["rows"].where(arcs["kind"].eq("crossing"), "").str.split(";").str[0].str.split("/")
    for party, more in constants.border_pct_of.items():
        here = np.array([party in cell[2:4] for cell in sides], dtype=np.float64)
        pct = np.asarray(pct + more * here, dtype=np.float64)
    return pct


def class_costs(
    arcs: pd.DataFrame,
    classes: tuple[str, ...],
    barred: Bools,
    commodities: pd.DataFrame,
    constants: Constants,
) -> tuple[Floats, Floats]:
    """What each class pays, in hours, (K, A), and what an hour is worth to it in USD/t, (K,).

    ``(m_a,cargo(k) + border_a / 100 · usd_per_t_k) / vot_k``, infinite where barred (K, A), with
    ``vot_k = value_of_time · usd_per_t_k · value_of_time_pct_per_day_k / 100 / 24``.
    """
    goods: Mapping[Any, Mapping[Any, Any]] = commodities.to_dict("index")
    border = borders(arcs, constants) / 100.0
    money = {cargo: arcs[f"usd_per_t_{cargo}"].to_numpy(dtype=np.float64) for cargo in CARGOS}
    extra, worth = np.empty((len(classes), len(arcs))), np.empty(len(classes))
    for k, name in enumerate(classes):
        row = goods[name.partition("|")[0]]
        value = float(row["usd_per_t"])
        worth[k] = constants.value_of_time * value * float(row["value_of_time_pct_per_day"]) / 100.0
        worth[k] /= HOURS_PER_DAY
        extra[k] = (money[str(row["cargo"])] + border * value) / worth[k]
    extra[barred] = np.inf
    return extra, worth


def thetas(classes: tuple[str, ...], commodities: pd.DataFrame, constants: Constants) -> Floats:
    """θ of each class, one over USD/t, (K,)."""
    value = commodities["usd_per_t"].astype(float).to_dict()
    ratio = np.array([value[name.partition("|")[0]] / USUAL_VALUE for name in classes])
    return np.asarray(constants.theta * ratio**-constants.theta_value)
