"""Errors: the exception tree, messages with a suggested fix, errors from a worker process."""

from __future__ import annotations

import pickle

import pytest

from sogdia import errors
from sogdia.errors import (
    CannotRunError,
    DamagedError,
    Fault,
    FaultsError,
    InputError,
    NoSolutionError,
    NotConvergedError,
    SogdiaError,
    UnknownNameError,
    clip,
    did_you_mean,
    render_faults,
)
from sogdia.numerics import Convergence, Step

FAULT = Fault("links.csv", 41, "length_km", "-3 is negative", "expected a length > 0", "range")
RECORD = Convergence("relative gap", 1e-6, (Step(1, 0.5, 0.1), Step(2, 0.25, 0.2)))


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (FAULT, "links.csv:41 length_km: -3 is negative; expected a length > 0"),
        (Fault("links.csv", 41, None, "a blank row", "delete it"), "links.csv:41: a blank row; delete it"),
        (Fault("links.csv", None, None, "the file is empty"), "links.csv: the file is empty"),
        (Fault("plan.yaml", None, "year", "2050 is outside"), "plan.yaml year: 2050 is outside"),
    ],
)
def test_message_names_place_problem_and_suggested_fix(fault: Fault, message: str) -> None:
    assert str(fault) == message


def test_fault_as_dict_has_the_keys_of_json_output() -> None:
    assert set(FAULT.as_dict()) == {"file", "line", "field", "problem", "suggested_fix", "kind"}


def test_similar_errors_are_shortened_to_twenty_and_a_count() -> None:
    faults = [Fault("links.csv", line, "length_km", "wrong", "", "range") for line in range(2, 27)]
    lines = render_faults([*faults, FAULT]).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "links.csv length_km: and 6 more errors of this kind"


def test_suggestion_names_the_nearest_or_all_of_few() -> None:
    assert did_you_mean("raod", ["road", "rail", "sea"]) == "did you mean road or rail?"
    assert did_you_mean("camel", ["road", "rail", "sea"]) == "one of rail, road, sea"
    assert did_you_mean("camel", [f"mode_{i}" for i in range(20)]) == ""
    assert did_you_mean("camel", []) == ""


def test_long_text_is_clipped() -> None:
    assert clip("a" * 100) == repr("a" * 57 + "...")
    assert clip("short") == "'short'"


def test_tree_in_the_documentation_is_complete() -> None:
    kinds = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, SogdiaError)
    }
    assert errors.__doc__ is not None
    tree = errors.__doc__.split("::")[1].split("A user's mistake")[0]
    assert kinds == {word for word in tree.replace("─", " ").split() if word.endswith("Error")}


@pytest.mark.parametrize(
    "error",
    [
        FaultsError([FAULT]),
        UnknownNameError("plan", "as_iz", ["as_is"]),
        NoSolutionError("Infeasible", "no solution", ("zone A",)),
        NotConvergedError(RECORD),
        DamagedError("run x: damaged"),
        InputError("wrong"),
        CannotRunError("no file"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_error_from_a_worker_process_is_equal(error: SogdiaError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  (our own bytes)
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


def test_error_of_convergence_states_residual_and_tolerance() -> None:
    message = "relative gap is 0.25 after 2 iterations and 0.2 s; the tolerance is 1e-06"
    assert str(NotConvergedError(RECORD)) == message


def test_long_unknown_name_is_shortened_in_the_message() -> None:
    message = str(UnknownNameError("place", "x" * 100_000, ["osh"]))
    assert message == f"no place is called {'x' * 57 + '...'!r}; one of osh"
