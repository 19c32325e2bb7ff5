"""The brief as a reader gets it: alone, whole, every figure from the stored runs and with its rows."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pandas as pd
import pypdf
import pytest

import sogdia.report
from report.conftest import PARTNER, Written
from sogdia.api.gather import Request, ask
from sogdia.errors import InputError, UnknownNameError
from sogdia.report.brief import write_brief
from sogdia.report.wording import money
from sogdia.runs.definition import run_of
from sogdia.runs.short_runs import short_id
from sogdia.uncertainty.one_at_a_time import ranked

TEMPLATES = Path(sogdia.report.__file__).parent / "templates"
MOST_BYTES = 2_000_000
SECTIONS = (
    "summary",
    "announced",
    "changes",
    "money",
    "dependence",
    "diplomacy",
    "pressure",
    "unknowns",
    "sources",
)


class Page(HTMLParser):
    """The page's tags and what a reader sees."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.told: list[str] = []
        self._hidden = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._hidden += tag in ("style", "svg", "title")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "svg", "title")
        if tag in ("td", "th", "li", "p"):
            self.told.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.told.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.told))


def value(written: Written, name: str) -> float:
    table = written.brief.figures.set_index("figure")
    return float(table["value"].to_dict()[name])


def test_the_page_stands_alone(written: Written) -> None:
    page = Page(written.page)
    assert len(written.page.encode()) < MOST_BYTES
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "img", "object", "embed"}
    loaded = [
        attrs[name] for _, attrs in page.tags for name in ("src", "srcset", "data", "action") if name in attrs
    ]
    assert loaded == []
    assert "@import" not in written.page
    assert not re.search(r"url\((?!#)", written.page)


def test_every_link_inside_the_page_has_its_end(written: Written) -> None:
    page = Page(written.page)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    inner = {attrs["href"][1:] for tag, attrs in page.tags if tag == "a" and attrs["href"].startswith("#")}
    assert inner <= set(ids)
    assert set(SECTIONS) <= set(ids)
    assert any(name.startswith("note-") for name in inner)


def test_every_picture_is_told_in_words(written: Written) -> None:
    drawings = [attrs for tag, attrs in Page(written.page).tags if tag == "svg"]
    assert len(drawings) >= 8
    assert all(len(attrs["aria-label"]) > 20 for attrs in drawings)


def test_no_raw_ids_and_no_long_decimals_are_told(written: Written) -> None:
    text = Page(written.page).text
    assert not re.findall(r"\b(?:pj|de|pe|tr|dl)_[a-z0-9_]+", text)
    assert not re.findall(r"\b\d+ rows between|`|--(?!runs)[a-z]", text)
    assert not re.findall(r"\d\.\d{4,}", text)
    assert "nan" not in text.lower().split()


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.j2")), ids=lambda path: path.name)
def test_no_number_is_typed_into_a_template(path: Path) -> None:
    prose = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>", " ", path.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"\d", prose) == []


def test_the_headline_is_that_of_the_stored_runs(written: Written) -> None:
    gains: dict[tuple[str, str], float] = {}
    for run in written.asked.study.runs:
        table = written.store.read(run.run, "economies")
        gains[run.plan.name, run.scenario.name] = float(
            table.loc[table["home"].astype(bool), "gain_musd"].sum()
        )
    plan, against = written.asked.plan.name, written.asked.against.name
    effects = {s.name: gains[plan, s.name] - gains[against, s.name] for s in written.asked.scenarios}
    calm = written.asked.scenarios[0].name
    assert value(written, "gain") == pytest.approx(abs(effects[calm]), rel=1e-12)
    assert value(written, "gain_scenarios_low") == pytest.approx(min(effects.values()), rel=1e-12)
    assert value(written, "gain_scenarios_high") == pytest.approx(max(effects.values()), rel=1e-12)
    assert money(abs(effects[calm])) in Page(written.page).text


def test_the_headline_has_the_range_of_scenarios_and_assumptions(written: Written) -> None:
    """The least and the most of both, and the point among them."""
    varied = written.inputs.sensitivity
    assert varied is not None
    ends = varied[["low_musd", "high_musd"]].to_numpy(dtype=float).ravel()
    calm = float(written.inputs.effect()["gain_musd"].sum())
    both = [
        *ends[~pd.isna(ends)],
        value(written, "gain_scenarios_low"),
        value(written, "gain_scenarios_high"),
    ]
    assert value(written, "gain_whole_low") == pytest.approx(min(both))
    assert value(written, "gain_whole_high") == pytest.approx(max(both))
    assert min(both) <= calm <= max(both)
    head = re.search(r"<h1>(.*?)</h1>", written.page, re.DOTALL)
    assert head
    told = written.brief.figures.set_index("figure")["text"].to_dict()
    assert told["gain"] in head.group(1)
    assert told["gain_whole_high"] in head.group(1)


def test_corridor_and_power_figures_are_those_of_the_stored_runs(written: Written) -> None:
    calm = written.asked.scenarios[0].name
    tables = {
        run.plan.name: written.store.tables(run.run)
        for run in written.asked.study.runs
        if run.scenario.name == calm
    }
    before, after = tables[written.asked.against.name], tables[written.asked.plan.name]
    moved = (
        after["corridors"].set_index("corridor")["home_t"]
        - before["corridors"].set_index("corridor")["home_t"]
    )
    assert value(written, "corridor_change") == pytest.approx(float(moved.abs().max()) / 1e6, rel=1e-9)
    own = [
        t["power_countries"][t["power_countries"]["iso3"].isin(written.asked.homes)] for t in (before, after)
    ]
    assert value(written, "co2_change") == pytest.approx(
        abs(float(own[1]["co2_mt"].sum() - own[0]["co2_mt"].sum()))
    )
    assert value(written, "unserved_before") == pytest.approx(float(own[0]["unserved_gwh"].sum()))


def test_losses_are_those_of_the_study_of_partners(written: Written) -> None:
    found = written.inputs.dependence
    assert found is not None
    home = written.asked.homes[0]
    for when, result in (("before", found.before), ("after", found.after)):
        solo = result.solo()
        own = solo[(solo["home"] == home) & (solo["partner"] == PARTNER)]
        assert value(written, f"worst_{home}_{when}") == pytest.approx(float(own["loss_pct"].iloc[0]))


def test_footnotes_lead_to_rows_that_exist(written: Written) -> None:
    rows = "; ".join(written.brief.figures["rows"]).split("; ")
    told = [row for row in rows if row]
    assert len(told) > 20
    for row in told:
        table, _, key = row.partition("/")
        assert key in written.inputs.region.table(table).index


def test_the_article_is_told_with_sentence_match_and_firmness(written: Written) -> None:
    told = written.inputs.announcement
    assert told is not None
    text = Page(written.page).text
    assert told.article.title in text
    quotes = [re.sub(r"\s+", " ", claim.quote)[:60] for claim in told.claims]
    assert len(quotes) >= 10
    assert all(quote in text for quote in quotes)


def test_the_workbook_has_every_table_its_units_and_sources(written: Written) -> None:
    book = openpyxl.load_workbook(written.folder / "brief.xlsx")
    assert {"contents", "figures", "rows", "documents", "welfare", "pressure", "claims", "losses"} <= set(
        book.sheetnames
    )
    sheet = book["welfare"]
    heads = [cell.value for cell in sheet[4]]
    units = [cell.value for cell in sheet[5]]
    gain = heads.index("Real spending on goods")
    assert units[gain] == "USD million a year"
    values = [sheet.cell(row, gain + 1).value for row in range(6, 6 + len(written.asked.homes))]
    assert values == pytest.approx(written.inputs.effect()["gain_musd"].tolist())


def test_the_pdf_has_text_on_every_page(written: Written) -> None:
    pages = pypdf.PdfReader(written.folder / "brief.pdf").pages
    assert 5 <= len(pages) <= 30
    assert all(len(page.extract_text().strip()) > 40 for page in pages)


def test_the_effect_with_an_assumption_is_that_of_its_stored_runs(written: Written) -> None:
    """The plan's gain less the other plan's, growth halved and half as much again, each on its own base."""
    table = written.inputs.sensitivity
    assert isinstance(table, pd.DataFrame)
    row = table.set_index("assumption").to_dict("index")["growth"]
    calm = written.asked.scenarios[0]
    for end, factor in (("low", 0.5), ("high", 1.5)):
        grown = calm.model_copy(update={"name": f"assumed_growth_{end}", "growth_factor": factor})
        gains = []
        for plan in (written.asked.against, written.asked.plan):
            run = run_of(
                written.asked.region, plan, grown, written.asked.against, written.asked.study.study.settings
            )
            stored = written.store.read(short_id(run), "economies")
            gains.append(float(stored.loc[stored["home"].astype(bool), "gain_musd"].sum()))
        assert gains[0] == pytest.approx(0.0, abs=1e-6)
        assert row[f"{end}_musd"] == pytest.approx(gains[1] - gains[0])


def test_ranges_of_assumptions_lead_to_their_rows(written: Written) -> None:
    rows = written.brief.figures.set_index("figure")["rows"].to_dict()
    assert rows["assumed_growth_low"] == rows["assumed_growth_high"] == "assumption_ranges/growth"
    line = written.asked.region.tables["assumption_ranges"].line_of("growth")
    assert f'href="#row-assumption_ranges.csv:{line}"' in written.page


def test_a_pack_that_gives_no_ranges_is_told_of(written: Written, tmp_path: Path) -> None:
    region = written.inputs.region
    kept = region.tables["assumption_ranges"]
    bare = replace(kept, frame=kept.data.iloc[:0])
    without = replace(region, tables={**region.tables, "assumption_ranges": bare})
    write_brief(replace(written.inputs, region=without, sensitivity=None), tmp_path)
    page = Page((tmp_path / "brief.html").read_text("utf-8"))
    assert "does not say how far its assumptions may be off, so none was varied" in page.text


def test_assumptions_are_ranked_by_how_far_they_move_the_effect() -> None:
    """By hand, with 8 as assumed: from 10 to −5 are 15; one alternative at 20 is 12 away."""
    rows = [("a", 10.0, -5.0), ("b", 20.0, float("nan")), ("c", 8.0, 8.5)]
    table = pd.DataFrame(
        [
            {"assumption": name, "words": name, "low": "", "high": "", "low_musd": low, "high_musd": high,
             "assumed_pct": 0.0, "basis": "", "tables": "", "row": "", "error": ""}
            for name, low, high in rows
        ]
    )  # fmt: skip
    found = ranked(table.iloc[::-1], 8.0)
    assert found["assumption"].tolist() == ["a", "b", "c"]
    assert found["span_musd"].tolist() == [15.0, 12.0, 0.5]


def test_a_brief_wants_something_to_tell_of(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="announcement or a plan"):
        ask(Request(None, None, "as_is", (), (), None, "central_asia"))
    with pytest.raises(InputError, match="the same"):
        ask(Request(None, "as_is", "as_is", ("reference",), (), None, "central_asia"))
    with pytest.raises(UnknownNameError, match="'XXX'"):
        ask(Request(None, "green_export", "as_is", ("reference",), ("XXX",), None, "central_asia"))
    idle = tmp_path / "idle.txt"
    idle.write_text("Nothing happens\n\nThe weather was fine in the valley.\n", encoding="utf-8")
    with pytest.raises(InputError, match="names no project"):
        ask(Request(idle, None, "as_is", ("reference",), (), None, "central_asia"))


def test_the_calm_scenario_comes_first_and_is_made_where_none_is_named() -> None:
    asked = ask(Request(None, "green_export", "as_is", ("dry_year", "reference"), (), None, "central_asia"))
    assert [s.name for s in asked.scenarios] == ["reference", "dry_year"]
    made = ask(Request(None, "green_export", "as_is", ("dry_year",), (), None, "central_asia"))
    assert made.scenarios[0].shocks == ()
    assert made.scenarios[1].name == "dry_year"


def test_a_brief_of_a_country_that_owes_nothing_is_written_too(written: Written, tmp_path: Path) -> None:
    """Tables without a row and pictures without a bar are left out; no partners, no article."""
    alone = replace(written.inputs, homes=("TJK",), dependence=None, sensitivity=None, announcement=None)
    made = write_brief(alone, tmp_path)
    page = (tmp_path / "brief.html").read_text("utf-8")
    assert "Partners were not studied" in page
    assert "Loans of the plan" not in page
    assert "No assumption was varied" in page
    assert made.figures.set_index("figure")["value"].to_dict()["gain"] == pytest.approx(
        abs(float(written.inputs.effect()["gain_musd"]["TJK"]))
    )


def test_failed_pdf_removes_pdf_of_earlier_brief(
    written: Written, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "brief.pdf").write_bytes(b"%PDF of last week")
    monkeypatch.setattr("sogdia.report.brief.write_pdf", lambda *_: "no PDF was written")
    brief = write_brief(written.inputs, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["brief.html", "brief.xlsx"]
    assert brief.remarks == (
        "no PDF was written",
        f"{tmp_path / 'brief.pdf'} was of an earlier brief and is taken away",
    )
