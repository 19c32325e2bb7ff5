"""Fixtures of all tests: two regions, a cache folder of their own, repeatable random tests."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench import MISSING, VARIABLE, bench_folder
from breaking import PackCopy
from hypothesis import settings

from sogdia.region import Region, load_region, refresh_descriptor, shipped_regions
from sogdia.region.stamp import CACHE_VARIABLE

TESTS = Path(__file__).parent
ISLES = TESTS / "packs" / "isles"
SHIPPED = "central_asia"
FIRST = (
    "report/test_brief.py", "power/test_real_weeks.py", "power/test_solve_model.py", "region/test_rules.py",
    "cli/test_declared_extras.py", "test_install.py", "runs/test_killed_run.py", "coupling/test_joint.py",
    "runs/test_studies.py", "cli/test_ensemble.py", "cli/test_dependence.py",
    "api/test_worked_example.py", "test_fuzz.py", "coupling/test_signs.py", "coupling/test_yardsticks.py",
    "web/test_browser.py", "runs/test_validation.py", "power/test_export.py", "cli/test_power.py",
    "ledger/test_proposal.py", "trade/test_yardsticks.py", "dependence/test_solve.py", "web/test_jobs.py",
    "cli/test_ledger.py", "uncertainty/test_project_values.py", "test_docs.py",
    "case/test_shipped_library.py",
)  # fmt: skip
"""Files that take longest. The first compiles the kernels; the next ones need none, so that no two workers
compile the same."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--bench",
        metavar="DIR",
        help=f"folder of published cases (freight/, trade/, articles/, portfolio/); ${VARIABLE} otherwise",
    )


def pytest_configure(config: pytest.Config) -> None:
    # The workers of pytest-xdist start later and inherit it.
    if folder := config.getoption("--bench"):
        os.environ[VARIABLE] = str(Path(folder).absolute())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the longest tests, so that no worker of pytest-xdist waits for one at the end."""
    ranks = {TESTS / name: rank for rank, name in enumerate(FIRST)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    missing = sum(MISSING in reason for reason in reasons)
    if missing:
        terminalreporter.write_sep("!", "PUBLISHED CASES WERE NOT RUN", red=True, bold=True)
        terminalreporter.write_line(
            f"{missing} tests were skipped: no published cases in {bench_folder()}. "
            f"Name their folder with --bench=DIR or ${VARIABLE}.",
            red=True,
        )


settings.register_profile("repeats", derandomize=True, deadline=None, database=None)
settings.load_profile("repeats")


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(shared_folder: Path) -> Iterator[Path]:
    """Set a temporary cache folder: no test uses the cache of the user, and workers check a pack once."""
    with pytest.MonkeyPatch.context() as patch:
        folder = shared_folder / "cache"
        folder.mkdir(exist_ok=True)
        patch.setenv(CACHE_VARIABLE, str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def no_lines_of_progress() -> Iterator[None]:
    """Show no progress in commands of this process: their messages do not depend on the machine's load."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("FIRST_S", "WAITING_S"):
            patch.setattr(f"sogdia.api.progress.{name}", 1e6)
        yield


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder that the workers of pytest-xdist share: what one has stored, another looks up."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def isles_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the example region with the current schemas; read only."""
    home = Path(shutil.copytree(ISLES, tmp_path_factory.mktemp("home") / "isles"))
    refresh_descriptor(home)
    return home


@pytest.fixture(scope="session")
def isles(isles_home: Path) -> Region:
    """The example region."""
    return load_region(isles_home)


@pytest.fixture
def pack(isles_home: Path, tmp_path: Path) -> PackCopy:
    """A copy of the example region that a test may change."""
    return PackCopy(Path(shutil.copytree(isles_home, tmp_path / "isles")))


@pytest.fixture(scope="session")
def shipped() -> Region:
    """The region that Sogdia ships, loaded once."""
    return load_region(SHIPPED)


@pytest.fixture(scope="session")
def shipped_codes() -> frozenset[str]:
    """Codes of all parties of the shipped region, read from its table."""
    with (shipped_regions()[SHIPPED] / "parties.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))
