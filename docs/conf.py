"""Sphinx configuration. Pages that repeat declarations of the code are generated here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version as installed_version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from typer.main import get_group

sys.path.insert(0, str(Path(__file__).parent))
from yaml_reference import plan_page, scenario_page

GENERATED = Path(__file__).parent / "_generated"
LINES_SHOWN = 24
UNITS_OF_CUSTOMS = (("gwh", ",.0f"), ("musd", ",.0f"), ("usd_per_mwh", ".0f"))
NOT_SHOWN = ("level", "rank", "basis", "source", "note")
NETWORK = {
    "node.csv": "node_id,zone_id\ntown,1\ncross,\nport,2\n",
    "link.csv": (
        "from_node_id,to_node_id,length,free_speed,capacity,vdf_alpha,vdf_beta\n"
        "town,port,40,60,2000,0.15,4\n"
        "town,cross,30,100,4000,0.15,4\n"
        "cross,port,30,100,4000,0.15,4\n"
    ),
    "demand.csv": "o_zone_id,d_zone_id,volume\n1,2,6000\n",
}
"""A network in GMNS: a road and a motorway."""

project = "Sogdia"
author = "The Sogdia contributors"
project_copyright = author
version = release = installed_version("sogdia")

extensions = ["myst_parser"]
exclude_patterns = ["_build", "_generated"]
nitpicky = True
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"Sogdia {release}"


def sogdia(*arguments: str, folder: Path | None = None) -> str:
    """Return the output of the command line, plain and 100 columns wide."""
    plain = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONUTF8": "1"}
    finished = subprocess.run(
        [sys.executable, "-m", "sogdia", *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=os.environ | plain,
        cwd=folder,
    )
    if finished.returncode != 0:
        raise RuntimeError(
            f"sogdia {' '.join(arguments)} exited with {finished.returncode}:\n{finished.stderr}"
        )
    return finished.stdout


def command_names(group: Any, words: str = "") -> Iterator[str]:
    """Yield the words that call each command, in the order of the help."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from command_names(command, f"{words}{name} ")
        else:
            yield f"{words}{name}"


def command_page() -> str:
    """Return a section for each command with its help."""
    from sogdia.cli.main import app

    sections = []
    for command in command_names(get_group(app)):
        text = "\n".join(line.rstrip() for line in sogdia(*command.split(), "--help").strip().splitlines())
        sections.append(f"## `sogdia {command}`\n\n```text\n{text}\n```\n")
    return "\n".join(sections)


def session(*calls: str, most: int = LINES_SHOWN, folder: Path | None = None) -> str:
    """Return commands with their output, shortened to ``most`` lines."""
    shown = []
    for call in calls:
        lines = [line.rstrip() for line in sogdia(*call.split(), folder=folder).splitlines()]
        if len(lines) > most:
            lines[most - 4 : -4] = ["[…]"]
        shown.append("\n".join([f"$ .venv/bin/sogdia {call}", *lines]))
    return "```text\n" + "\n\n".join(shown) + "\n```\n"


def session_without_region() -> str:
    """Return the tables of a small network, and the output of its assignment."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in NETWORK.items():
            (folder / file).write_text(text, encoding="utf-8")
        printed = session("assign --net . --algorithm ue --gap 1e-10", folder=folder)
    tables = "\n".join(f"$ cat {file}\n{text}" for file, text in NETWORK.items())
    return printed.replace("```text\n", f"```text\n{tables}\n", 1)


def _cell(value: float | bool) -> str:
    return f"{value:g}" if isinstance(value, float) else "yes" if value else "no"


def pressure_levels() -> str:
    """Return the pressure levels of the shipped region as a table."""
    from sogdia import load_region

    levels = load_region("central_asia").table("pressure_levels").sort_values("rank")
    columns = [name for name in levels.columns if name not in NOT_SHOWN]
    lines = [
        "| level | " + " | ".join(f"`{name}`" for name in columns) + " |",
        "|:--" * (1 + len(columns)) + "|",
    ]
    for level, row in levels.iterrows():
        cells = [_cell(row[name]) for name in columns]
        lines.append(f"| {level} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def calibration(engine: str) -> str:
    """Return an engine's constants and calibration fit of the shipped pack, as two tables."""
    from sogdia import load_region

    region = load_region("central_asia")
    constants, fit = (region.table(name) for name in ("calibration", "calibration_fit"))
    constants, fit = (table[table["engine"] == engine] for table in (constants, fit))
    lines = ["| parameter | prior | estimate | standard error, ln |", "|:--|--:|--:|--:|"]
    for row in constants.to_dict("records"):
        error = "held" if row["standard_error"] != row["standard_error"] else f"{row['standard_error']:.2f}"
        prior = "" if row["prior"] != row["prior"] else f"{row['prior']:g}"
        lines.append(f"| `{row['parameter']}` | {prior} | {row['value']:.3g} | {error} |")
    lines += ["", "| observation | use | observed | modelled | unit | residual, sd | left out, sd |"]
    lines += ["|:--|:--|--:|--:|:--|--:|--:|"]
    for row in fit.to_dict("records"):
        left_out = "" if row["left_out_sd"] != row["left_out_sd"] else f"{row['left_out_sd']:.2f}"
        figures = f"{row['observed']:,.4g} | {row['modelled']:,.4g} | {row['unit']}"
        names = f"`{row['observation']}` | {row['use']}"
        lines.append(f"| {names} | {figures} | {row['residual_sd']:.2f} | {left_out} |")
    return "\n".join(lines) + "\n"


def customs() -> str:
    """Return cross-border electricity of the model and published figures, as a table."""
    from sogdia import load_region
    from sogdia.api import run_power
    from sogdia.power.customs import customs_comparison, customs_years

    region = load_region("central_asia")
    results = {year: run_power(region, year=year).result for year in customs_years(region)}
    lines = ["| country | period | GWh | modelled | USD million | modelled | USD/MWh | modelled |"]
    lines.append("|:--|:--|--:|--:|--:|--:|--:|--:|")
    names = region.table("parties")["name"]
    for row in customs_comparison(results).to_dict("records"):
        months = "" if row["months"] == 12 else f", first {row['months']} months"
        pairs = (
            (f"{kind}_{unit}", form) for unit, form in UNITS_OF_CUSTOMS for kind in ("reported", "modelled")
        )
        cells = ["" if row[name] != row[name] else format(row[name], form) for name, form in pairs]
        lines.append(f"| {names[row['iso3']]} | {row['year']} {row['side']}{months} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


GENERATED.mkdir(exist_ok=True)
(GENERATED / "calibration.md").write_text(calibration("freight"), encoding="utf-8")
(GENERATED / "calibration-power.md").write_text(calibration("power"), encoding="utf-8")
(GENERATED / "customs-power.md").write_text(customs(), encoding="utf-8")
(GENERATED / "session-power.md").write_text(session("power", most=150), encoding="utf-8")
(GENERATED / "data-dictionary.md").write_text(sogdia("describe", "--format", "markdown"), encoding="utf-8")
(GENERATED / "cli.md").write_text(command_page(), encoding="utf-8")
(GENERATED / "plan-keys.md").write_text(plan_page(), encoding="utf-8")
(GENERATED / "scenario-keys.md").write_text(scenario_page(), encoding="utf-8")
(GENERATED / "pressure-levels.md").write_text(pressure_levels(), encoding="utf-8")
(GENERATED / "session-first.md").write_text(session("check", "ls"), encoding="utf-8")
(GENERATED / "session-case.md").write_text(session("case --plan as_is --scenario dry_year"), encoding="utf-8")
(GENERATED / "session-freight.md").write_text(session("freight --year 2023", most=150), encoding="utf-8")
(GENERATED / "session-assign.md").write_text(session_without_region(), encoding="utf-8")
