"""Figures and their footnotes."""

from __future__ import annotations

import pytest

from sogdia.errors import UnknownNameError
from sogdia.report.figures import Figures, Origin


def test_equal_origins_share_a_footnote() -> None:
    figures = Figures()
    one, other = Origin("counted", ("run",), ("trade/a",)), Origin("guessed")
    figures.add("a", 1.0, "%", one)
    figures.add("b", 2.0, "%", other)
    assert [
        figures.note(one),
        figures.note(other),
        figures.note(Origin("counted", ("run",), ("trade/a",))),
    ] == [1, 2, 1]
    assert figures.table()["text"].tolist() == ["1.0 per cent", "2.0 per cent"]


def test_unknown_figure_raises_with_its_name() -> None:
    with pytest.raises(UnknownNameError, match="'c'"):
        Figures().get("c")


def test_second_figure_of_a_name_raises() -> None:
    figures = Figures()
    figures.add("a", 1.0, "%", Origin("counted"))
    with pytest.raises(ValueError, match="two figures"):
        figures.add("a", 1.1, "%", Origin("counted"))
