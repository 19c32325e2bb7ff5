"""Write the brief of a search over portfolios from its stored tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sogdia.api.portfolio_file import LoadedPortfolio
from sogdia.files import writable_folder
from sogdia.report.brief import Brief
from sogdia.report.portfolio_brief import FILES, write_portfolio_brief
from sogdia.report.portfolio_inputs import PortfolioInputs


def write_brief_of(
    loaded: LoadedPortfolio, run: str, tables: Mapping[str, pd.DataFrame], out: str | Path
) -> Brief:
    """Write ``portfolio.html``, ``portfolio.pdf`` and ``portfolio.xlsx``.

    Args:
        loaded: The portfolio file.
        run: Label of the stored run.
        tables: Its tables.
        out: Folder.

    Raises:
        CannotRunError: If a file cannot be written.
    """
    definition = loaded.definition
    inputs = PortfolioInputs(
        region=loaded.region,
        title=definition.title,
        question=definition.description,
        year=definition.year,
        homes=loaded.homes,
        baseline=loaded.baseline.title,
        scenarios={each.name: each.title for each in loaded.scenarios},
        limits=loaded.limit_labels,
        count=len(definition.projects),
        run=run,
        tables=tables,
    )
    return write_portfolio_brief(inputs, writable_folder(Path(out), FILES))
