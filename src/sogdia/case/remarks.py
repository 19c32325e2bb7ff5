"""Parts of a plan that change no table of a case: a reader must not take them for zero effects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sogdia.case.openings import row_opening_year
from sogdia.case.plan import Plan
from sogdia.case.scenario import Scenario
from sogdia.region import Region

MOST_NAMED = 8
LEAST_SHARES_PCT = 1.0
"""Sum of the shares of a project's finance, per cent, up to which they may be meant as fractions."""
NEUTRAL = {"factor": 1.0, "tariff_pct": 0.0}
"""Values of the keys of shocks that change nothing."""


def plan_remarks(plan: Plan, region: Region, year: int, of: str = "plan") -> tuple[str, ...]:
    """Return sentences on the projects that a plan decides and that change no table of a case.

    A project without rows in ``project_effects`` has costs and finance only; one that opens after the year
    changes nothing yet.

    Args:
        plan: The plan, after its ``extends`` are merged.
        region: The region, with the new projects of the plan.
        year: Year of the case.
        of: What has the projects, for the sentences: a plan or a scenario.
    """
    effects = region.table("project_effects")
    without, later = [], []
    for choice in plan.own:
        own = effects[effects["project"] == choice.project].to_dict("records")
        openings = [row_opening_year(effect, choice, region) for effect in own]
        if not own:
            without.append(choice.project)
        elif all(opening is not None and opening > year for opening in openings):
            later.append(choice.project)
    return (*_sentences(without, later, year, of), *_finance_remarks(plan))


def shock_remarks(scenario: Scenario) -> tuple[str, ...]:
    """Return sentences on the shocks of a scenario that change nothing, or repeat another."""
    found = []
    first: dict[str, int] = {}
    for number, shock in enumerate(scenario.shocks, start=1):
        name = f"shock {number} {shock.kind}"
        unchanged = [key for key, value in NEUTRAL.items() if getattr(shock, key, None) == value]
        if unchanged:
            found.append(f"{name} changes nothing: its {unchanged[0]} is {NEUTRAL[unchanged[0]]:g}")
        other = first.setdefault(shock.digest, number)
        if other != number:
            found.append(f"{name} repeats shock {other}, and adds to it")
    return tuple(found)


def _finance_remarks(plan: Plan) -> Iterator[str]:
    """Yield a sentence on each project whose shares of finance may be fractions."""
    for choice in plan.own:
        total = sum(part.share_pct for part in choice.finance)
        if choice.finance and total <= LEAST_SHARES_PCT:
            yield (
                f"share_pct of {choice.project} adds up to {total:g} % of its cost; "
                f"if that is a fraction, write {100.0 * total:g}"
            )


def _sentences(without: Sequence[str], later: Sequence[str], year: int, of: str) -> Iterator[str]:
    if without:
        yield (
            f"{_count(without)} of the {of} without rows in project_effects, so without effect on any table: "
            f"{_named(without)}"
        )
    if later:
        yield f"{_count(later)} of the {of} without effect in {year}, opening later: {_named(later)}"


def _count(names: Sequence[str]) -> str:
    return f"{len(names)} project{'s' * (len(names) != 1)}"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(sorted(names)[:MOST_NAMED]) + more
