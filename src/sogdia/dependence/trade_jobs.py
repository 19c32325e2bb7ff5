"""Jobs of the trade model alone, at costs of carriage of finished runs of freight and trade.

One job covers all coalitions of a horizon. A coalition takes the costs of the run whose partners close the
same territory; the trade of its other partners ends here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sogdia.case import Case, Plan, Scenario, build_case
from sogdia.coupling.case_networks import TableDigests
from sogdia.coupling.results import CoupledResult
from sogdia.coupling.settings import CouplingSettings
from sogdia.dependence.customs_union import End, ended_unions, national_tariffs, price_taker_gain
from sogdia.dependence.fuel import imports_of, lost_legs
from sogdia.dependence.horizons import HORIZONS, HorizonName
from sogdia.dependence.trade_channels import (
    AID,
    REMITTANCES,
    Shock,
    TradeWorld,
    channel_gains,
    channels_of_legs,
    ranges_of,
    settled_legs,
    with_partners_cut,
)
from sogdia.region import Region
from sogdia.runs.context import RunContext
from sogdia.runs.job import JobResult
from sogdia.runs.store import RunMetadata, Store
from sogdia.runs.version import engine_version
from sogdia.trade.arrays import Floats
from sogdia.trade.inputs import build_trade_inputs
from sogdia.trade.wedges import Wedges

Tables = dict[str, pd.DataFrame]

FUEL = ("home", "commodity", "gain_musd", "imports_musd")
TARIFFS = ("case", "home", "gain_musd", "low_musd", "high_musd", "rerun_musd")
WEDGES = ("sector", "exporter", "importer", "owner")


@dataclass(frozen=True, eq=False)
class Carriage:
    """Costs of a run of freight and trade.

    Attributes:
        leg_hat: Change of the cost of each leg, (L,).
        tariff_pct: Tariff on each entry, per cent, (E,).
        wedges: Rents of hard capacities.
    """

    leg_hat: Floats
    tariff_pct: Floats
    wedges: Wedges

    @classmethod
    def of(cls, result: CoupledResult) -> Carriage:
        """Return the costs of a result."""
        wedges = result.trade.change.wedges or Wedges.none()
        return cls(result.trade_costs.leg, result.terms.tariff_pct, wedges)

    @classmethod
    def from_tables(cls, tables: Tables) -> Carriage:
        """Read the costs that :meth:`tables` wrote."""
        rents = tables["rents"]
        cells = [rents[name].to_numpy(dtype=np.int64) for name in WEDGES]
        wedges = Wedges(cells[0], cells[1], cells[2], cells[3], rents["rate"].to_numpy(dtype=np.float64))
        columns = tables["legs"]["cost_hat"], tables["entries"]["tariff_pct"]
        leg_hat, tariff = (column.to_numpy(dtype=np.float64) for column in columns)
        return cls(leg_hat, tariff, wedges)

    def tables(self) -> Tables:
        """Return the costs as tables ``legs``, ``entries`` and ``rents``."""
        rents = {name: getattr(self.wedges, name) for name in (*WEDGES, "rate")}
        return {
            "legs": pd.DataFrame({"cost_hat": self.leg_hat}),
            "entries": pd.DataFrame({"tariff_pct": self.tariff_pct}),
            "rents": pd.DataFrame(rents),
        }


@dataclass(frozen=True)
class CoalitionTrade:
    """Trade of a coalition of withdrawn partners.

    Attributes:
        name: Name of the coalition's case.
        carriage: Key of the run whose costs of carriage it takes.
        economies: Economies of all its partners.
        cut: Those of partners whose trade does not end in that run.
        is_single: True for a single partner, whose loss is split by channel.
    """

    name: str
    carriage: str
    economies: tuple[str, ...]
    cut: tuple[str, ...]
    is_single: bool


@dataclass(frozen=True, eq=False)
class TradeJob:
    """A job of the trade model for all coalitions of a horizon.

    Attributes:
        horizon: The horizon.
        plan: Plan of the baseline.
        scenario: Scenario without shocks.
        settings: Settings of freight and trade.
        homes: Home countries that partners withdraw from.
        coalitions: The coalitions, the empty one first.
        carriage: Costs by key of the run.
        baseline: Digest of the baseline case.
        has_power: True if the power system counts the electricity of home countries.
        splits: True to split the losses of single partners by channel, with their ranges.
    """

    horizon: HorizonName
    plan: Plan
    scenario: Scenario
    settings: CouplingSettings
    homes: tuple[str, ...]
    coalitions: tuple[CoalitionTrade, ...]
    carriage: Mapping[str, Carriage]
    baseline: str
    has_power: bool
    splits: bool
    kind: str = "channels"
    stops_on_error: bool = True

    @property
    def key(self) -> str:
        """Digest of all that the result depends on: keys of runs have the content of their costs."""
        settings = self.settings.model_dump_json(include={"composition", "horizon", "trade"})
        parts = (
            self.kind, engine_version(), self.baseline, settings, self.horizon, HORIZONS[self.horizon],
            self.homes, self.coalitions, self.has_power, self.splits,
        )  # fmt: skip
        return hashlib.sha256(";".join(map(str, parts)).encode()).hexdigest()

    @property
    def label(self) -> str:
        """Name for readers."""
        return f"channels, {HORIZONS[self.horizon].label}"

    def is_stored(self, store: Store) -> bool:
        """Return true if the store has the result."""
        return self.key in store

    def network_key(self, _region: Region, _digests: TableDigests) -> str:
        """Return the horizon: the job has no network."""
        return f"channels {self.horizon}"

    def compute(self, context: RunContext, _threads: int) -> JobResult:
        """Solve trade of every coalition, and of single partners by channel and assumption."""
        case = build_case(context.region, self.plan, self.scenario)
        inputs = build_trade_inputs(case, self.settings.composition, self.settings.horizon)
        world = TradeWorld(inputs, inputs.baseline, case, self.settings.trade)
        earned = HORIZONS[self.horizon].earned
        shocks = [self._shock(world, coalition) for coalition in self.coalitions]
        tables = {
            **self._gains(world, shocks, earned[0]),
            "tariffs": self._tariffs(world, shocks, earned[0]),
            "channels": pd.DataFrame(columns=["partner", "channel", "home", "gain_musd"]),
            "ranges": pd.DataFrame(columns=["partner", "assumption", "home", "loss_musd"]),
        }
        if self.splits:
            tables["channels"] = self._channels(world, shocks, earned[0])
            tables["ranges"] = self._ranges(world, shocks, earned)
        return JobResult(self._metadata(case), tables)

    def _shock(self, world: TradeWorld, coalition: CoalitionTrade) -> Shock:
        costs = self.carriage[coalition.carriage]
        leg_hat = with_partners_cut(world.inputs, costs.leg_hat, self.homes, coalition.cut)
        if self.has_power:
            leg_hat = np.where(settled_legs(world.inputs, self.homes), 1.0, leg_hat)
        aid, remittances = (
            world.lost_transfers(kind, coalition.economies, self.homes) for kind in (AID, REMITTANCES)
        )
        return Shock(leg_hat, costs.tariff_pct, costs.wedges, aid, remittances)

    def _gains(self, world: TradeWorld, shocks: list[Shock], earned: float) -> Tables:
        """Return gains by coalition, and what reruns add in which lost fuel is still bought."""
        trade: list[pd.DataFrame] = []
        fuel: list[pd.DataFrame] = []
        known: dict[tuple[object, ...], tuple[Floats, pd.DataFrame]] = {}
        for coalition, shock in zip(self.coalitions, shocks, strict=True):
            # Coalitions that differ in finance alone have the same trade.
            same = (coalition.carriage, coalition.economies, coalition.cut)
            if same not in known:
                gains = world.gains(world.solve(shock, earned))
                known[same] = gains, self._with_fuel(world, shock, shocks[0], earned, gains)
            labels = {"case": coalition.name, "home": world.case.region.home}
            trade.append(pd.DataFrame({**labels, "gain_musd": known[same][0]}))
            fuel.append(known[same][1].assign(case=coalition.name))
        return {"trade": pd.concat(trade, ignore_index=True), "fuel": pd.concat(fuel, ignore_index=True)}

    def _with_fuel(
        self, world: TradeWorld, shock: Shock, before: Shock, earned: float, gains: Floats
    ) -> pd.DataFrame:
        homes, parts = world.case.region.home, [pd.DataFrame(columns=list(FUEL))]
        for name, legs in lost_legs(world.inputs, shock.leg_hat, before.leg_hat, homes).items():
            other = replace(shock, leg_hat=np.where(legs, before.leg_hat, shock.leg_hat))
            added = world.gains(world.solve(other, earned)) - gains
            imports = imports_of(world.inputs, legs, homes)
            columns = {"home": homes, "commodity": name, "gain_musd": added, "imports_musd": imports}
            parts.append(pd.DataFrame(columns))
        return pd.concat(parts[1:], ignore_index=True) if len(parts) > 1 else parts[0]

    def _channels(self, world: TradeWorld, shocks: list[Shock], earned: float) -> pd.DataFrame:
        rows = []
        for coalition, shock in zip(self.coalitions, shocks, strict=True):
            if coalition.is_single:
                channel = channels_of_legs(world.inputs, self.homes, coalition.economies)
                for name, gains in channel_gains(world, shocks[0], shock, channel, earned):
                    rows += [
                        (coalition.name, name, home, float(gain))
                        for home, gain in zip(world.case.region.home, gains, strict=True)
                    ]
        return pd.DataFrame(rows, columns=["partner", "channel", "home", "gain_musd"])

    def _ranges(
        self, world: TradeWorld, shocks: list[Shock], earned: tuple[float, float, float]
    ) -> pd.DataFrame:
        rows = []
        for assumption, other, share in ranges_of(world, earned):
            before = other.gains(other.solve(shocks[0], share))
            for coalition, shock in zip(self.coalitions, shocks, strict=True):
                if coalition.is_single:
                    lost = before - other.gains(other.solve(shock, share))
                    rows += [
                        (coalition.name, assumption, home, float(loss))
                        for home, loss in zip(world.case.region.home, lost, strict=True)
                    ]
        return pd.DataFrame(rows, columns=["partner", "assumption", "home", "loss_musd"])

    def _tariffs(self, world: TradeWorld, shocks: list[Shock], earned: float) -> pd.DataFrame:
        """Return the gains of home countries by national tariffs after their customs union has ended.

        Gains are at world prices, at the ends of national tariffs for single partners, and in a rerun of the
        trade model, whose terms of trade change.
        """
        ends: tuple[End, ...] = ("value", "low", "high")
        rows: list[tuple[str, str, float, float, float, float]] = []
        for coalition, shock in zip(self.coalitions, shocks, strict=True):
            ended = ended_unions(world.case, coalition.economies, self.homes)
            if not ended:
                continue
            union = world.solve(shock, earned)
            gains, rerun = [], np.zeros(len(world.homes))
            for end in ends if coalition.is_single else ends[:1]:
                tariff = national_tariffs(
                    world.case, world.inputs, shock.tariff_pct, coalition.economies, self.homes, end
                )
                national = world.solve(replace(shock, tariff_pct=tariff), earned, union)
                gains.append(price_taker_gain(union, national)[world.homes])
                if end == "value":
                    rerun = world.gains(national) - world.gains(union)
            gains += [gains[0]] * (len(ends) - len(gains))
            for n, home in enumerate(world.case.region.home):
                if home in ended:
                    values = [float(each[n]) for each in (*gains, rerun)]
                    rows.append((coalition.name, home, values[0], values[1], values[2], values[3]))
        return pd.DataFrame(rows, columns=list(TARIFFS))

    def _metadata(self, case: Case) -> RunMetadata:
        return RunMetadata(
            run=self.key,
            kind=self.kind,
            region=case.region.name,
            plan=case.plan.name,
            scenario=self.label,
            year=case.year,
            parts={"case": case.digest, "version": engine_version()},
            settings=self.settings.model_dump(mode="json"),
            figures={},
        )
