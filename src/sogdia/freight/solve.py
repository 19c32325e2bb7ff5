"""Assign the freight of a case to its network."""

from __future__ import annotations

from sogdia.assignment.assign import assign
from sogdia.assignment.settings import AssignmentSettings
from sogdia.case import Case
from sogdia.freight.inputs import build_supernetwork
from sogdia.freight.overloads import with_rows
from sogdia.freight.results import FreightResult
from sogdia.freight.route_choice import choice_inputs
from sogdia.freight.settings import SETTINGS


def assign_freight(case: Case, settings: AssignmentSettings | None = None) -> FreightResult:
    """Assign the freight of a case, with calibrated route choice.

    Args:
        case: Region, plan and scenario.
        settings: :data:`sogdia.freight.settings.SETTINGS` if not given.

    Raises:
        NotConvergedError: If the tolerance is not reached; it holds the record and the rows most exceeded.
        InputError: If nothing can be carried, or a mode has no rate.
    """
    supernetwork = build_supernetwork(case)
    settings = settings or SETTINGS
    inputs = choice_inputs(supernetwork) if settings.algorithm == "sue" else None
    with with_rows(supernetwork):
        result = assign(supernetwork.network, supernetwork.demand, settings, inputs)
    return FreightResult(supernetwork, result)
