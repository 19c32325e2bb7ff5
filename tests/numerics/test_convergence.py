"""Convergence records: residual, iterations, seconds, message of the error."""

from __future__ import annotations

from sogdia.numerics import Convergence, NotConvergedError, Step

STEPS = (Step(1, 0.5, 0.1), Step(2, 0.01, 0.25))


def test_record_has_residual_and_seconds_of_the_last_iteration() -> None:
    record = Convergence("relative gap", 0.01, STEPS)
    assert (record.residual, record.iterations, record.seconds) == (0.01, 2, 0.25)
    assert record.converged
    assert not Convergence("relative gap", 0.009, STEPS).converged


def test_record_without_iterations_has_converged() -> None:
    record = Convergence("relative gap", 1e-6, ())
    assert (record.residual, record.iterations, record.seconds) == (0.0, 0, 0.0)
    assert record.converged


def test_error_states_measure_residual_iterations_and_tolerance() -> None:
    error = NotConvergedError(Convergence("relative gap", 1e-6, STEPS))
    assert error.convergence.steps == STEPS
    for part in ("relative gap", "0.01 after 2 iterations", "1e-06"):
        assert part in str(error)
