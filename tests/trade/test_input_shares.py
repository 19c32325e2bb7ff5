"""Faults in the cost structure."""

from __future__ import annotations

from sogdia.trade import Baseline

from .worlds import FLOW_COLUMNS, TWO_SECTORS, faults_of, table


def test_shares_that_do_not_sum_to_one_are_reported() -> None:
    shares = [(i, k, 0.6) for i in "AB" for k in ("food", "fuel")]
    inputs = [(i, k, "food", 0.4) for i in "AB" for k in ("food", "fuel")]
    inputs[1] = ("A", "fuel", "food", 0.7)
    value_added = table(list(shares), ["economy", "sector", "share"])
    intermediate = table(list(inputs), ["economy", "sector", "input", "share"])
    flows = table(list(TWO_SECTORS), FLOW_COLUMNS)
    assert faults_of(
        lambda: Baseline.from_frames(flows, 4.0, value_added=value_added, intermediate=intermediate)
    ) == ["intermediate share: A fuel: value added 0.6 and inputs 0.7 do not sum to 1"]
    assert faults_of(lambda: Baseline.from_frames(flows, 4.0, value_added=value_added.head(3)))[-1] == (
        "value_added share: B fuel has sales but no share of value added"
    )
    (fault,) = faults_of(lambda: Baseline.from_frames(flows, 4.0, value_added=value_added))[:1]
    assert fault.endswith("do not sum to 1; several sectors need the shares of inputs")


def test_inputs_above_purchases_are_reported() -> None:
    inputs = [(i, k, "fuel", 0.9) for i in "AB" for k in ("food", "fuel")]
    intermediate = table(list(inputs), ["economy", "sector", "input", "share"])
    flows = table(list(TWO_SECTORS), FLOW_COLUMNS)
    fix = "correct the shares, or take final demand as clipped or residual"
    assert faults_of(lambda: Baseline.from_frames(flows, 4.0, intermediate=intermediate)) == [
        f"intermediate share: A uses 45 of fuel as inputs but buys 25; {fix}",
        f"intermediate share: B uses 45 of fuel as inputs but buys 25; {fix}",
    ]
