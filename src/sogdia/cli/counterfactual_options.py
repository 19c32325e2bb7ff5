"""Options of ``sogdia counterfactual`` and ``sogdia gravity``."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

FORMATS = "CSV, Excel, OpenDocument, Parquet or Stata; WORKBOOK#SHEET names a sheet"


class Final(StrEnum):
    """Rules for negative final demand, as in :meth:`sogdia.trade.Baseline.from_frames`."""

    OBSERVED = "observed"
    CLIPPED = "clipped"
    RESIDUAL = "residual"


class First(StrEnum):
    """First solutions of the base year, as in :func:`sogdia.trade.rebase`."""

    NONE = "none"
    KEEP = "keep"
    ZERO = "zero"


class Negative(StrEnum):
    """Rules for negative flows and inputs."""

    ERROR = "error"
    ZERO = "zero"


class Equilibrium(StrEnum):
    """Responses to a change of trade costs."""

    FULL = "full"
    CONDITIONAL = "conditional"


InputOption = Annotated[
    Path | None,
    typer.Option(
        "--input",
        help="Workbook with a sheet, or folder with a file, for each table: flows, change, theta, tariffs, "
        "tariffs_after, value_added, intermediate, specific, transfers, transfers_after, productivity, "
        "labour, wedges, capacities, costs, output, expenditure.",
    ),
]
FlowsOption = Annotated[
    Path | None,
    typer.Option(
        "--flows",
        help="Base year: exporter, importer, sector (optional), value; domestic sales are included. Or a "
        f"column for each importer. {FORMATS}.",
    ),
]
CostsOption = Annotated[
    Path | None,
    typer.Option(
        "--costs",
        help="In place of flows, fitted to costs and totals: exporter, importer, sector (optional), and "
        "factor or effect on log trade.",
    ),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", help="With --costs: economy, sector (optional), value of sales.")
]
ExpenditureOption = Annotated[
    Path | None,
    typer.Option(
        "--expenditure",
        help="With --costs: economy, sector (optional), value of purchases. Default: as output.",
    ),
]
ChangeOption = Annotated[
    Path | None,
    typer.Option(
        "--change",
        help="Shock: exporter, importer, sector (optional), factor on trade costs, or effect on log trade; "
        "inf stops trade, * is any. A column counterfactual names several shocks.",
    ),
]
ThetaOption = Annotated[
    str | None,
    typer.Option("--theta", help="Trade elasticity: a number, or a file with sector, theta. Default: 4."),
]
TariffsOption = Annotated[
    Path | None,
    typer.Option("--tariffs", help="Before: exporter, importer, sector (optional), tariff_pct."),
]
TariffsIncludedOption = Annotated[
    bool, typer.Option("--tariffs-included", help="Values of flows are prices that buyers pay.")
]
TariffsAfterOption = Annotated[
    Path | None, typer.Option("--tariffs-after", help="After: the same columns; rows that change.")
]
ProductivityOption = Annotated[
    Path | None, typer.Option("--productivity", help="Shock: economy, sector, factor on productivity.")
]
ValueAddedOption = Annotated[
    Path | None, typer.Option("--value-added", help="economy, sector, share of value added in costs.")
]
IntermediateOption = Annotated[
    Path | None,
    typer.Option("--intermediate", help="economy, sector, input, share of the input in costs."),
]
SpecificOption = Annotated[
    Path | None,
    typer.Option(
        "--specific",
        help="Specific factors: economy (optional), sector, share in costs or value_added_share, "
        "supply_elasticity (optional, 0).",
    ),
]
LabourOption = Annotated[
    Path | None, typer.Option("--labour", help="Shock: economy, factor on labour supply.")
]
WedgesOption = Annotated[
    Path | None,
    typer.Option(
        "--wedges",
        help="Shock: scarcity rents; exporter, importer, sector (optional), owner, wedge_pct.",
    ),
]
CapacitiesOption = Annotated[
    Path | None,
    typer.Option(
        "--capacities",
        help="Shock: name, exporter, importer, sector (optional), most (largest quantity over the base "
        "year's), owner of the scarcity rent, share (optional).",
    ),
]
TransfersOption = Annotated[
    Path | None,
    typer.Option("--transfers", help="Before: named transfers; payer, receiver, kind (optional), value."),
]
TransfersAfterOption = Annotated[
    Path | None,
    typer.Option("--transfers-after", help="After: payer, receiver, and value, or factor on the base year."),
]
RenameOption = Annotated[
    list[str] | None,
    typer.Option("--rename", help="OLD=NEW: column OLD of the files is NEW here; repeat for several."),
]
FinalOption = Annotated[
    Final,
    typer.Option(
        "--final",
        help="Negative final demand (expenditure less inputs): observed is an error, clipped sets it to "
        "zero, residual keeps it.",
    ),
]
FirstOption = Annotated[
    First | None,
    typer.Option(
        "--first",
        help="First solution, before the shock: zero ends deficits, keep applies the imbalance rule. "
        "Default: keep with clipped final demand, none otherwise.",
    ),
]
NegativeOption = Annotated[
    Negative,
    typer.Option("--negative", help="Small negative flows and inputs: error, or zero (each cell is listed)."),
]
NegativeShareOption = Annotated[
    float,
    typer.Option("--negative-share", help="Largest small negative value, relative to its column."),
]
EquilibriumOption = Annotated[
    Equilibrium,
    typer.Option("--equilibrium", help="full, or conditional: output and expenditure stay fixed."),
]
ToleranceOption = Annotated[
    float, typer.Option(help="Tolerance on the largest relative excess demand for labour.")
]
NumeraireOption = Annotated[
    str,
    typer.Option(
        help="Of nominal results: world (value added), an economy (its wage), price:ECONOMY or price:world."
    ),
]


def renames_in(values: Iterable[str] | None) -> dict[str, str]:
    """Return new names by old ones from ``OLD=NEW``.

    Raises:
        InputError: If a value has another form, or an old name is repeated.
    """
    from sogdia.errors import InputError

    names: dict[str, str] = {}
    for value in values or ():
        old, separator, new = (part.strip() for part in value.partition("="))
        if not (old and separator and new) or old in names:
            raise InputError(f"rename: {value!r} is not OLD=NEW, once for each OLD")
        names[old] = new
    return names
