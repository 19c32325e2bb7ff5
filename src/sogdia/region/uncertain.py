"""List the uncertain figures of a region, by the rules of its table ``uncertainty_rules``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.region.region import Region
from sogdia.region.uncertainty_rule import BASIS_FIELDS, UncertaintyRule

TABLE = "uncertainty_rules"
COLUMNS = (
    "rule", "title", "group", "table", "fields", "rows", "figures", "reported", "derived", "assumed",
    "distribution", "centre", "least_sd_pct", "median_sd_pct", "largest_sd_pct", "common_share",
)  # fmt: skip


def read_rules(region: Region) -> tuple[UncertaintyRule, ...]:
    """Read the rules of uncertainty of a region, in the order of the rows."""
    return tuple(UncertaintyRule(row) for row in region.table(TABLE).to_dict("records"))


def uncertain_groups(region: Region) -> dict[str, float]:
    """Return the groups of a region's rules, each with the largest common share of its rules."""
    groups: dict[str, float] = {}
    for rule in read_rules(region):
        groups[rule.group] = max(rule.common_share, groups.get(rule.group, 0.0))
    return groups


def list_uncertain(region: Region) -> pd.DataFrame:
    """List the rules with the number of figures that each makes uncertain.

    Returns:
        :data:`COLUMNS`: ``rows`` have a figure that is drawn, ``figures`` counts them, ``reported``,
        ``derived`` and ``assumed`` are rows by basis; standard deviations are those of the figures, % of
        the factor or of its logarithm.
    """
    out = []
    for rule in read_rules(region):
        frame = region.table(rule.table)
        frame = frame[rule.select(frame)]
        widths = np.array([
            np.where(frame[field].notna().to_numpy(dtype=np.bool_), rule.deviations(frame, field), np.nan)
            for field in rule.fields
        ])  # fmt: skip
        drawn = widths > 0.0
        rows = np.asarray(drawn.any(axis=0))
        basis = frame["basis"][rows].value_counts()
        sizes = 100.0 * widths[drawn]
        ends = [sizes.min(), float(np.median(sizes)), sizes.max()] if sizes.size else [np.nan] * 3
        out.append((
            rule.id, rule.row["title"], rule.group, rule.table, ";".join(rule.fields), int(rows.sum()),
            int(drawn.sum()), *(int(basis.get(name, 0)) for name in BASIS_FIELDS),
            rule.row["distribution"], rule.row["centre"], *ends, rule.common_share,
        ))  # fmt: skip
    return pd.DataFrame(out, columns=list(COLUMNS))
