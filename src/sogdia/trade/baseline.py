"""The world as observed: trade, tariffs and input–output structure as frozen, consistent arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.errors import Fault, FaultsError, did_you_mean
from sogdia.trade.balance import report_of, structure_faults
from sogdia.trade.frames import Frame, Limits
from sogdia.trade.input_shares import read_structure
from sogdia.trade.shapes import by_sector, tidy_flows

Floats = npt.NDArray[np.float64]
ALL = "all"
"""Name of the sector where flows are not split, and of every sector in a change."""
Elasticities = float | Mapping[str, float] | pd.Series | pd.DataFrame
Final = Literal["observed", "clipped"]


@dataclass(frozen=True, eq=False)
class Baseline:
    """Trade of N economies in S sectors, with what the counterfactuals take from it.

    Made by :meth:`from_frames`, which checks; arrays are (S, N, N) by exporter and importer, or (S, N).

    Attributes:
        economies: Names of the N economies, sorted.
        sectors: Names of the S sectors, sorted.
        flow: Value ``X_ijk`` that the exporter receives, domestic sales on the diagonal, (S, N, N).
        theta: Trade elasticity θ_k: Fréchet shape of Eaton & Kortum (2002), σ_k − 1 of Armington, (S,).
        tariff: Tariffs before, as a share of ``flow``, (S, N, N).
        labour_share: Share of value added in costs, γ_ik, (S, N).
        inputs: Share of sector s in the costs of sector k, (N, S, S) [economy, s, k]; ``None`` without.
        report: What the rules made of the data: ``rule``, ``economy``, ``sector``, ``value``, ``meaning``.
        final_rule: What final spending is: see ``final`` of :meth:`from_frames`.
    """

    economies: tuple[str, ...]
    sectors: tuple[str, ...]
    flow: Floats
    theta: Floats
    tariff: Floats
    labour_share: Floats
    inputs: Floats | None
    report: pd.DataFrame
    final_rule: Final = "observed"

    @classmethod
    def from_frames(
        cls,
        flows: pd.DataFrame,
        theta: Elasticities,
        *,
        tariffs: pd.DataFrame | None = None,
        value_added: pd.DataFrame | None = None,
        intermediate: pd.DataFrame | None = None,
        tariffs_included: bool = False,
        final: Final = "observed",
        file: str = "flows",
    ) -> Baseline:
        """Read tidy frames; whatever is wrong in any of them is told at once.

        A frame whose index is called ``line`` tells the lines of its rows in messages, and
        ``frame.attrs["file"]`` its name. Other columns are not read; names may be numbers.

        Args:
            flows: ``exporter``, ``importer``, ``sector`` (absent: one sector, ``all``), ``value`` net of
                tariffs, in any one currency. Rows from an economy to itself are its domestic sales. A pair
                without a row does not trade. Or a matrix, exporters (or exporters and sectors) its index and
                importers its columns.
            theta: Trade elasticity, of all sectors or by sector: a mapping, a series, or a frame with
                ``sector`` and ``theta``.
            tariffs: ``exporter``, ``importer``, ``sector``, and ``tariff_pct`` or ``tariff_factor`` (1 + t):
                ad valorem, on ``value`` net of it, returned to the importer. Nothing where no row is.
            value_added: ``economy`` (absent: all), ``sector``, ``share`` of value added in costs; 1 without
                the frame. With ``value`` instead, inputs are values too, and both must be worth what is sold.
            intermediate: ``economy`` (absent: all), ``sector``, ``input``, ``share`` of the input in costs.
                Or a matrix, inputs (or economies and inputs) its index and sectors that use them its
                columns. With one sector and no frame, what is not value added is bought from that sector.
            tariffs_included: Whether ``value`` is what the buyer pays, tariffs included.
            final: ``observed`` takes final spending as what is not bought as inputs, and tells cells where
                that is below 0; ``clipped`` takes such cells as 0 and shares out income by the others, as
                Caliendo & Parro (2015) do. Such a world is not in balance before it is solved: solve it
                with no change and go on from :meth:`sogdia.trade.TradeResult.after`.
            file: What the flows are called in messages.

        Raises:
            FaultsError: If names are unknown or twice there, figures are no numbers or out of range, an
                economy sells or buys nothing, or nothing at home, an elasticity is missing, or shares of
                inputs do not sum to one or use more than is bought.
        """
        theta = by_sector(theta)
        economies, sectors, flow, faults = _read_matrix(Frame(tidy_flows(flows), file), file)
        elasticity = _read_theta(theta, sectors, faults)
        tariff = np.zeros_like(flow)
        if tariffs is not None:
            tariff = read_tariffs(tariffs, economies, sectors, tariff, faults)
        if tariffs_included:
            flow = flow / (1.0 + tariff)
        labour_share, inputs = read_structure(value_added, intermediate, flow, (economies, sectors), faults)
        if faults:
            raise FaultsError(faults)
        return cls.from_arrays(economies, sectors, flow, elasticity, tariff, labour_share, inputs, final)

    @classmethod
    def from_arrays(
        cls,
        economies: tuple[str, ...],
        sectors: tuple[str, ...],
        flow: Floats,
        theta: Floats,
        tariff: Floats | None = None,
        labour_share: Floats | None = None,
        inputs: Floats | None = None,
        final_rule: Final = "observed",
    ) -> Baseline:
        """A baseline of arrays as in the attributes, whose figures are known to be in range.

        Raises:
            FaultsError: If an economy adds no value, spends nothing in the end, or uses more of a good as
                input than it buys.
        """
        made = cls(
            economies,
            sectors,
            np.ascontiguousarray(flow, dtype=np.float64),
            np.ascontiguousarray(theta, dtype=np.float64),
            np.zeros_like(flow) if tariff is None else tariff,
            np.ones(flow.shape[:2]) if labour_share is None else labour_share,
            inputs,
            pd.DataFrame(),
            final_rule,
        )
        faults = structure_faults(made)
        if faults:
            raise FaultsError(faults)
        return replace(made, report=report_of(made))

    @cached_property
    def expenditure(self) -> Floats:
        """Spending by sector, tariffs included, ``E_jk = Σ_i X_ijk (1 + t_ijk)``, (S, N)."""
        return np.asarray((self.flow * (1.0 + self.tariff)).sum(axis=1))

    @cached_property
    def output(self) -> Floats:
        """Sales by sector, ``Y_ik = Σ_j X_ijk``, (S, N)."""
        return np.asarray(self.flow.sum(axis=2))

    @cached_property
    def share(self) -> Floats:
        """Shares in spending, ``π_ijk = X_ijk (1 + t_ijk) / E_jk``, (S, N, N); 0 where nothing is bought."""
        spent = self.expenditure[:, None, :]
        return np.divide(
            self.flow * (1.0 + self.tariff), spent, out=np.zeros_like(self.flow), where=spent > 0.0
        )

    @cached_property
    def value_added(self) -> Floats:
        """Value added, ``V_i = Σ_k γ_ik Y_ik``, the income of labour, (N,)."""
        return np.asarray((self.labour_share * self.output).sum(axis=0))

    @cached_property
    def revenue(self) -> Floats:
        """Tariff revenue, (N,)."""
        return np.asarray((self.flow * self.tariff).sum(axis=(0, 1)))

    @cached_property
    def final(self) -> Floats:
        """Final spending by sector: what is not bought as inputs, (S, N)."""
        if self.inputs is None:
            return self.expenditure
        used = np.einsum("isk,ki->si", self.inputs, self.output)
        left = self.expenditure - used
        left = np.where(np.abs(left) < 1e-9 * self.expenditure, 0.0, left)
        if self.final_rule == "clipped":
            kept = np.maximum(left, 0.0)
            return np.asarray(kept * (left.sum(axis=0) / kept.sum(axis=0)))
        return np.asarray(left)

    @cached_property
    def income(self) -> Floats:
        """Final spending ``I_j = V_j + R_j + D_j``, (N,)."""
        return np.asarray(self.final.sum(axis=0))

    @cached_property
    def imbalance(self) -> Floats:
        """Imports less exports, ``D_j = I_j − V_j − R_j``; they sum to nothing, (N,)."""
        return np.asarray(self.flow.sum(axis=(0, 1)) - self.flow.sum(axis=(0, 2)))


def _read_matrix(frame: Frame, file: str) -> tuple[tuple[str, ...], tuple[str, ...], Floats, list[Fault]]:
    """Economies, sectors and flows (N, N, S) of tidy flows, with what is wrong in them.

    Raises:
        FaultsError: If a column is missing.
    """
    sectors_known = "sector" in frame.table
    columns = ("exporter", "importer", *(("sector",) if sectors_known else ()), "value")
    if not frame.has(columns):
        raise FaultsError(frame.faults)
    economies = tuple(sorted({*frame.names("exporter"), *frame.names("importer")}))
    sectors = frame.names("sector") if sectors_known else (ALL,)
    flow = _read_flows(frame, economies, sectors)
    faults = frame.faults
    if not faults:
        faults.extend(_flow_faults(flow, economies, file))
    return economies, sectors, flow, faults


def _read_flows(frame: Frame, economies: tuple[str, ...], sectors: tuple[str, ...]) -> Floats:
    flow = np.zeros((len(sectors), len(economies), len(economies)))
    if frame.table.empty:
        frame.faults.append(Fault(frame.file, None, None, "there are no rows", "", "empty"))
        return flow
    values = frame.numbers("value", Limits())
    split = "sector" in frame.table
    frame.once(("exporter", "importer", *(("sector",) if split else ())))
    if frame.faults:
        return flow
    at = {name: i for i, name in enumerate(economies)}
    which = {name: k for k, name in enumerate(sectors)}
    sector = frame.codes("sector", which) if split else np.zeros(len(frame.table), dtype=np.int64)
    flow[sector, frame.codes("exporter", at), frame.codes("importer", at)] = values
    return flow


def _flow_faults(flow: Floats, economies: tuple[str, ...], file: str) -> list[Fault]:
    faults = []
    for i, name in enumerate(economies):
        if flow[:, i].sum() <= 0.0:
            problem, kind = f"{name} sells nothing, so it has no income", "no-sales"
        elif flow[:, :, i].sum() <= 0.0:
            problem, kind = f"{name} buys nothing", "no-purchases"
        elif flow[:, i, i].sum() <= 0.0:
            problem, kind = f"the domestic sales of {name} are missing", "no-diagonal"
        else:
            continue
        fix = f"add rows with {name} as exporter and importer" if kind == "no-diagonal" else ""
        faults.append(Fault(file, None, "value", problem, fix, kind))
    return faults


def _read_theta(theta: float | Mapping[str, float], sectors: tuple[str, ...], faults: list[Fault]) -> Floats:
    given = theta if isinstance(theta, Mapping) else dict.fromkeys(sectors, theta)
    for name in given:
        if name not in sectors:
            fix = did_you_mean(name, sectors)
            faults.append(Fault("theta", None, name, "the flows do not have this sector", fix, "unknown"))
    out = np.ones(len(sectors))
    for k, name in enumerate(sectors):
        if name not in given:
            faults.append(Fault("theta", None, name, "the sector has no trade elasticity", "", "missing"))
        elif not (np.isfinite(given[name]) and given[name] > 0.0):
            problem = f"{given[name]} is no trade elasticity: it must be a number above 0"
            faults.append(Fault("theta", None, name, problem, "", "theta"))
        else:
            out[k] = given[name]
    return out


def read_tariffs(
    table: pd.DataFrame,
    economies: tuple[str, ...],
    sectors: tuple[str, ...],
    before: Floats,
    faults: list[Fault],
) -> Floats:
    """Tariffs of a frame as shares of value, (S, N, N); those of ``before`` where no row is."""
    frame = Frame(table, table.attrs.get("file", "tariffs"), faults)
    told = "tariff_factor" if "tariff_factor" in table and "tariff_pct" not in table else "tariff_pct"
    columns = ("exporter", "importer", *(("sector",) if "sector" in table else ()), told)
    if not frame.has(columns):
        return before
    frame.once(columns[:-1])
    at = {name: i for i, name in enumerate(economies)}
    exporter, importer = frame.codes("exporter", at, "*"), frame.codes("importer", at, "*")
    which = {name: k for k, name in enumerate(sectors)}
    sector = frame.codes("sector", which, ALL) if "sector" in table else np.full(len(table), -1)
    percent = frame.numbers(told, Limits() if told == "tariff_pct" else Limits(least=1.0))
    if told == "tariff_factor":
        percent = 100.0 * (percent - 1.0)
    home = (exporter == importer) & (exporter >= 0)
    frame.tell(home & (percent > 0.0), told, "{} on domestic sales", "home-tariff")
    if faults:
        return before
    tariff = before.copy()
    # Rows that name more hold over rows that name less, whatever their order.
    named = (exporter >= 0).astype(int) + (importer >= 0) + 3 * (sector >= 0)
    for row in np.argsort(named, kind="stable"):
        where = tuple(slice(None) if n < 0 else n for n in (sector[row], exporter[row], importer[row]))
        tariff[where] = percent[row] / 100.0
    diagonal = np.arange(len(economies))
    tariff[:, diagonal, diagonal] = 0.0
    return tariff
