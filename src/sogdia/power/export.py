"""The network as files that PyPSA opens unchanged."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

from sogdia.errors import CannotRunError
from sogdia.power.inputs import PowerInputs
from sogdia.power.solve import PowerModel

NETCDF, CSV_FOLDER, SOLUTION = "network.nc", "network", "solution.json"


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without PyPSA's progress, and without warnings of what it does with pandas and files."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore", DeprecationWarning)
            warnings.simplefilter("ignore", ResourceWarning)
            yield
    finally:
        logging.disable(before)


def export_pypsa(inputs: PowerInputs, folder: Path) -> tuple[Path, ...]:
    """Solve a case and write its network as PyPSA's netCDF and CSV, with the objective to compare with.

    ``pypsa.Network("network.nc").optimize()`` and ``pypsa.Network("network").optimize()`` come to the
    objective in ``solution.json``.

    Args:
        inputs: A case as numbers.
        folder: Where the files go; made if it is not there.

    Returns:
        What was written.

    Raises:
        NoSolutionError: If the case has no solution.
        CannotRunError: If the folder cannot be written.
    """
    model = PowerModel(inputs)
    result = model.solve()
    written = (folder / NETCDF, folder / CSV_FOLDER, folder / SOLUTION)
    told = {
        "region": inputs.case.region.name,
        "year": inputs.case.year,
        "plan": inputs.case.plan.name,
        "scenario": inputs.case.scenario.name,
        "case": inputs.case.digest,
        "objective_usd": result.solve.objective_usd,
        "remarks": list(inputs.remarks),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _quiet():
            model.network.export_to_netcdf(str(written[0]))
            model.network.export_to_csv_folder(str(written[1]))
        written[2].write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise CannotRunError(f"{error.filename or folder}: {error.strerror or error}") from error
    return written
