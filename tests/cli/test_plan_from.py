"""``sogdia plan-from``: a plan that can be used, printed or written."""

from __future__ import annotations

from pathlib import Path

import sogdia
from cli.running import Cli
from sogdia.region import Region

ANNOUNCEMENT = Path(__file__).parents[2] / "src" / "sogdia" / "examples" / "announcement.txt"


def test_written_plan_builds_a_case(cli: Cli, shipped: Region, tmp_path: Path) -> None:
    run = cli("plan-from", ANNOUNCEMENT, "--out", tmp_path / "new" / "plan.yaml", "--opens", 2030)
    assert run.code == 0
    plan = sogdia.load_plan(tmp_path / "new" / "plan.yaml", shipped)
    assert f"{len(plan.projects)} projects (" in run.out
    assert "not used: " in run.out
    assert cli("case", "--plan", tmp_path / "new" / "plan.yaml").code == 0


def test_plan_is_printed_without_out(cli: Cli, tmp_path: Path) -> None:
    printed = cli("plan-from", ANNOUNCEMENT).out
    assert cli("plan-from", ANNOUNCEMENT, "--out", tmp_path / "plan.yaml").code == 0
    assert printed == (tmp_path / "plan.yaml").read_text("utf-8")


def test_out_that_is_a_folder_exits_with_2(cli: Cli, tmp_path: Path) -> None:
    run = cli("plan-from", ANNOUNCEMENT, "--out", tmp_path)
    assert run.code == 2
    assert run.err == f"sogdia: {tmp_path}: is a folder; a file is needed\n"


def test_plan_that_was_edited_is_not_replaced(cli: Cli, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    assert cli("plan-from", ANNOUNCEMENT, "--out", plan).code == 0
    assert cli("plan-from", ANNOUNCEMENT, "--out", plan, "--published-only").code == 0
    plan.write_text(plan.read_text("utf-8") + "# mine\n", encoding="utf-8")
    run = cli("plan-from", ANNOUNCEMENT, "--out", plan)
    assert run.code == 2
    assert "plan.yaml is not as Sogdia wrote it; nothing was written" in run.err
    assert plan.read_text("utf-8").endswith("# mine\n")
