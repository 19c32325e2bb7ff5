"""Inputs of a portfolio brief: the stored tables of a search, the region, and the words of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sogdia.region import Region
from sogdia.report.wording import join_names

_ID = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True, eq=False)
class PortfolioInputs:
    """Search and words that a portfolio brief is written from.

    Attributes:
        region: Region.
        title: Title of the portfolio file.
        question: Question that it answers.
        year: Year in which benefits are evaluated.
        homes: Home countries that it is about.
        baseline: Title of the baseline.
        scenarios: Titles of the scenarios by name, the reference scenario first.
        limits: Limits, as text.
        count: Number of projects that may be built.
        run: Label of the stored run.
        tables: Its tables (:data:`sogdia.portfolio.tables.TABLES`).
    """

    region: Region
    title: str
    question: str
    year: int
    homes: tuple[str, ...]
    baseline: str
    scenarios: Mapping[str, str]
    limits: tuple[str, ...]
    count: int
    run: str
    tables: Mapping[str, pd.DataFrame]

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the search; ``front`` for ``portfolio_front``."""
        return self.tables[f"portfolio_{name}"]

    def label(self, name: str) -> str:
        """Return the label of a table for footnotes."""
        return f"{self.run}: portfolio_{name}"

    @property
    def best(self) -> Mapping[str, object]:
        """Row of the recommended portfolio."""
        return {str(k): v for k, v in self.table("front").to_dict("records")[0].items()}

    @cached_property
    def chosen(self) -> pd.DataFrame:
        """Projects of the recommended portfolio, the most expensive first, numbered as on the map."""
        table = self.table("choices")
        table = table[table["portfolio"] == 1].sort_values("cost_musd", ascending=False, kind="stable")
        return table.assign(number=range(1, len(table) + 1)).reset_index(drop=True)

    @cached_property
    def countries(self) -> str:
        """Countries that the brief is about, as a noun phrase."""
        if set(self.homes) == set(self.region.home) and len(self.homes) > 1:
            return f"the countries of {self.region.title}"
        return join_names([self.names.get(home, home) for home in self.homes])

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names of parties, economies and partners by code."""
        parties, economies = self.region.table("parties"), self.region.table("economies")
        names = dict(zip(parties["code"].astype(str), parties["name"].astype(str), strict=True))
        names |= dict(zip(economies["iso3"].astype(str), economies["name"].astype(str), strict=True))
        partners = self.region.table("partners")["name"].astype(str).to_dict()
        return {**names, **{str(key): name for key, name in partners.items()}}

    def name_of(self, code: object) -> str:
        """Return the name of a code; one without a name is returned as it is."""
        return self.names.get(str(code), str(code))

    def with_names(self, text: str) -> str:
        """Return a text with ids of projects, countries and parties replaced by their names."""
        projects = self.region.table("projects")["name"].astype(str).to_dict()
        known = {**self.names, **{str(key): name for key, name in projects.items()}}
        return _ID.sub(lambda match: known.get(match.group(), match.group()), text)

    def project_rows(self, projects: Sequence[str]) -> tuple[str, ...]:
        """Return the rows of projects, for footnotes."""
        return tuple(f"projects/{name}" for name in projects)

    @cached_property
    def points(self) -> pd.DataFrame:
        """Places of the recommended projects: ``name`` (their number), ``lat``, ``lon``.

        A project is where the first row that it opens or improves is; a line at its middle. A project whose
        rows have no coordinates is left out.
        """
        effects = self.region.table("project_effects")
        rows = []
        for row in self.chosen.to_dict("records"):
            own = effects[effects["project"] == row["project"]]
            spots = [
                self._spot(str(table), str(key)) for table, key in zip(own["table"], own["row"], strict=True)
            ]
            known = [spot for spot in spots if spot is not None]
            if known:
                lat, lon = (sum(spot[k] for spot in known) / len(known) for k in (0, 1))
                rows.append((str(row["number"]), lat, lon))
        return pd.DataFrame(rows, columns=["name", "lat", "lon"])

    def _spot(self, table: str, key: str) -> tuple[float, float] | None:
        """Return the place of a row of the pack."""
        known, places = self.region.table(table), self.region.table("places")
        if key not in known.index:
            return None
        row = known.to_dict("index")[key]
        if "lat" in known.columns:
            return None if pd.isna(row["lat"]) else (float(row["lat"]), float(row["lon"]))
        if "place" in known.columns:
            ends = places.loc[[row["place"]]]
        elif "from" in known.columns:
            ends = places.loc[[row["from"], row["to"]]]
        elif "from_iso3" in known.columns:
            ends = places[places["iso3"].isin([row["from_iso3"], row["to_iso3"]])]
            ends = ends.groupby("iso3")[["lat", "lon"]].mean()
        else:
            return None
        return (float(ends["lat"].mean()), float(ends["lon"].mean())) if len(ends) else None
