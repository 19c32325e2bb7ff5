"""Tables of a section: headings, and columns of page and workbook."""

from __future__ import annotations

import pandas as pd

from sogdia.report.figures import Origin
from sogdia.report.parts import Column, Table


def test_workbook_heading_includes_its_subject() -> None:
    titles = ("Country", "Trade, baseline", "plan", "effect", "Price")
    columns = tuple(Column(title, title) for title in titles)
    table = Table("t", "T", columns, pd.DataFrame(columns=list(titles)), Origin("counted"))
    assert table.headings == ("Country", "Trade, baseline", "Trade, plan", "Trade, effect", "Price")


def test_workbook_only_column_is_not_on_the_page() -> None:
    columns = (Column("a", "A"), Column("b", "B", on_page=False))
    table = Table("t", "T", columns, pd.DataFrame({"a": ["x"], "b": ["y"]}), Origin("counted"))
    assert table.cells() == [["x"]]
