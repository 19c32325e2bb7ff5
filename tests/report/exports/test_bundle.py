"""Tables of stored runs and their declarations."""

from __future__ import annotations

from sogdia.report.exports import Bundle
from sogdia.report.exports.bundle import RUNS, stacked_declaration


def test_every_column_of_a_run_is_declared(bundle: Bundle) -> None:
    for name in bundle.names:
        assert tuple(bundle.stacked(name).columns) == stacked_declaration(name).column_names
    assert tuple(bundle.runs.columns) == RUNS.column_names
