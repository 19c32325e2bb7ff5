"""The page of a brief: self-contained, with figures of the stored runs and their provenance."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

import sogdia.report
from report.conftest import PARTNER, WrittenBrief
from sogdia.files import output_folder
from sogdia.report.brief import write_brief
from sogdia.report.wording import format_money
from sogdia.runs.definition import define_run
from sogdia.runs.joint_jobs import economies_key

TEMPLATES = Path(sogdia.report.__file__).parent / "templates"
MAX_BYTES = 2_000_000
SECTIONS = (
    "summary",
    "announcement",
    "effects",
    "finance",
    "dependence",
    "diplomacy",
    "scenarios",
    "uncertainty",
    "sources",
)


class Page(HTMLParser):
    """Tags and visible text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.parts: list[str] = []
        self._hidden = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._hidden += tag in ("style", "svg", "title")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "svg", "title")
        if tag in ("td", "th", "li", "p"):
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.parts))


@pytest.fixture
def without_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write no PDF, which takes most of the time of a brief."""
    monkeypatch.setattr("sogdia.report.brief.write_pdf", lambda *_: "no PDF was written")


def value(written: WrittenBrief, name: str) -> float:
    table = written.brief.figures.set_index("figure")
    return float(table["value"].to_dict()[name])


def test_page_loads_no_other_file(written: WrittenBrief) -> None:
    page = Page(written.page)
    assert len(written.page.encode()) < MAX_BYTES
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "img", "object", "embed"}
    loaded = [
        attrs[name] for _, attrs in page.tags for name in ("src", "srcset", "data", "action") if name in attrs
    ]
    assert loaded == []
    assert "@import" not in written.page
    assert not re.search(r"url\((?!#)", written.page)


def test_every_internal_link_has_a_target(written: WrittenBrief) -> None:
    page = Page(written.page)
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    inner = {attrs["href"][1:] for tag, attrs in page.tags if tag == "a" and attrs["href"].startswith("#")}
    assert inner <= set(ids)
    assert set(SECTIONS) <= set(ids)
    assert any(name.startswith("note-") for name in inner)


def test_every_picture_has_a_text_alternative(written: WrittenBrief) -> None:
    drawings = [attrs for tag, attrs in Page(written.page).tags if tag == "svg"]
    assert len(drawings) >= 8
    assert all(len(attrs["aria-label"]) > 20 for attrs in drawings)


def test_text_has_no_ids_and_no_long_decimals(written: WrittenBrief) -> None:
    text = Page(written.page).text
    assert not re.findall(r"\b(?:pj|de|pe|tr|dl)_[a-z0-9_]+", text)
    assert not re.findall(r"\b\d+ rows between|`|--(?!runs)[a-z]", text)
    assert not re.findall(r"\d\.\d{4,}", text)
    assert "nan" not in text.lower().split()


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.j2")), ids=lambda path: path.name)
def test_template_holds_no_number(path: Path) -> None:
    prose = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>", " ", path.read_text("utf-8"), flags=re.DOTALL)
    assert re.findall(r"\d", prose) == []


def test_headline_is_the_effect_of_the_stored_runs(written: WrittenBrief) -> None:
    gains: dict[tuple[str, str], float] = {}
    for run in written.request.study.runs:
        table = written.store.read(run.key, "economies")
        gains[run.plan.name, run.scenario.name] = float(
            table.loc[table["home"].astype(bool), "gain_musd"].sum()
        )
    plan, baseline = written.request.plan.name, written.request.baseline.name
    effects = {s.name: gains[plan, s.name] - gains[baseline, s.name] for s in written.request.scenarios}
    reference = written.request.scenarios[0].name
    assert value(written, "gain") == pytest.approx(abs(effects[reference]), rel=1e-12)
    assert value(written, "gain_scenarios_low") == pytest.approx(min(effects.values()), rel=1e-12)
    assert value(written, "gain_scenarios_high") == pytest.approx(max(effects.values()), rel=1e-12)
    assert format_money(abs(effects[reference])) in Page(written.page).text


def test_link_with_the_largest_increase_is_named(written: WrittenBrief) -> None:
    region = written.inputs.region
    links, places = region.table("links"), region.table("places")
    own = places.index[places["iso3"].isin(region.home)]
    near = links.index[links["from"].isin(own) | links["to"].isin(own)]
    tonnes = {
        run.plan.name: written.store.read(run.key, "links").set_index("link")["tonnes"]
        for run in written.request.study.runs
        if run.scenario.name == "reference"
    }
    before, after = tonnes[written.request.baseline.name], tonnes[written.request.plan.name]
    effect = after.sub(before, fill_value=0.0).reindex(near)
    found = re.search(
        r"largest increase is [^,]*, on the railway from (.+?) to (.+?)\.", Page(written.page).text
    )
    assert found is not None
    id_of = {name: place for place, name in places["name"].items()}
    start, end = (id_of[name] for name in found.groups())
    (link,) = links.index[(links["from"] == start) & (links["to"] == end) & (links["mode"] == "rail")]
    assert effect[link] == pytest.approx(effect.max(), rel=1e-6)


def test_headline_has_the_range_of_scenarios_and_assumptions(written: WrittenBrief) -> None:
    """Minimum and maximum of both, with the effect in the reference scenario between them."""
    varied = written.inputs.sensitivity
    assert varied is not None
    ends = varied[["low_musd", "high_musd"]].to_numpy(dtype=float).ravel()
    effect = float(written.inputs.effect()["gain_musd"].sum())
    both = [
        *ends[~pd.isna(ends)],
        value(written, "gain_scenarios_low"),
        value(written, "gain_scenarios_high"),
    ]
    assert value(written, "gain_uncertainty_low") == pytest.approx(min(both))
    assert value(written, "gain_uncertainty_high") == pytest.approx(max(both))
    assert min(both) <= effect <= max(both)
    head = re.search(r"<h1>(.*?)</h1>", written.page, re.DOTALL)
    assert head
    texts = written.brief.figures.set_index("figure")["text"].to_dict()
    assert texts["gain"] in head.group(1)
    assert texts["gain_uncertainty_high"] in head.group(1)


def test_headline_is_before_costs_and_the_summary_sets_the_net_present_value_against_it(
    written: WrittenBrief,
) -> None:
    appraisal = written.inputs.finance["appraisal"].to_dict("records")
    middle = appraisal[len(appraisal) // 2]
    assert value(written, "npv") == pytest.approx(middle["npv_musd"])
    texts = written.brief.figures.set_index("figure")["text"].to_dict()
    head, summary = written.page.split("</h1>")[:2]
    assert "before the cost of the projects" in head.split("<h1>")[1]
    assert texts["npv"] in summary.split("</section>")[0]
    parts = [value(written, f"benefit_{name}") for name in ("trade", "transit", "rest")]
    assert sum(parts) == pytest.approx(value(written, "benefit"))
    assert parts[0] == pytest.approx(float(written.inputs.effect()["trade_musd"].sum()))


def test_corridor_and_electricity_figures_are_those_of_the_stored_runs(written: WrittenBrief) -> None:
    reference = written.request.scenarios[0].name
    tables = {
        run.plan.name: written.store.tables(run.key)
        for run in written.request.study.runs
        if run.scenario.name == reference
    }
    baseline, plan = tables[written.request.baseline.name], tables[written.request.plan.name]
    effect = (
        plan["corridors"].set_index("corridor")["home_t"]
        - baseline["corridors"].set_index("corridor")["home_t"]
    )
    assert value(written, "corridor_change") == pytest.approx(float(effect.abs().max()) / 1e6, rel=1e-9)
    own = [
        t["power_countries"][t["power_countries"]["iso3"].isin(written.request.homes)]
        for t in (baseline, plan)
    ]
    assert value(written, "co2_change") == pytest.approx(
        abs(float(own[1]["co2_mt"].sum() - own[0]["co2_mt"].sum()))
    )
    assert value(written, "unserved_before") == pytest.approx(float(own[0]["unserved_gwh"].sum()))


def test_losses_are_those_of_the_assessment_of_dependence(written: WrittenBrief) -> None:
    dependence = written.inputs.dependence
    assert dependence is not None
    home = written.request.homes[0]
    early, late = (dependence.at(horizon) for horizon in dependence.horizons)
    for when, result in (("first", early.plan), ("before", late.baseline), ("after", late.plan)):
        solo = result.solo()
        own = solo[(solo["home"] == home) & (solo["partner"] == PARTNER)]
        assert value(written, f"worst_{home}_{when}") == pytest.approx(float(own["loss_pct"].iloc[0]))


def test_footnotes_cite_rows_that_exist(written: WrittenBrief) -> None:
    rows = "; ".join(written.brief.figures["rows"]).split("; ")
    cited = [row for row in rows if row]
    assert len(cited) > 20
    for row in cited:
        table, _, key = row.partition("/")
        assert key in written.inputs.region.table(table).index


def test_page_has_the_sentences_of_the_article(written: WrittenBrief) -> None:
    announcement = written.inputs.announcement
    assert announcement is not None
    text = Page(written.page).text
    assert announcement.article.title in text
    quotes = [re.sub(r"\s+", " ", claim.quote)[:60] for claim in announcement.claims]
    assert len(quotes) >= 10
    assert all(quote in text for quote in quotes)


def test_page_names_the_baseline_and_what_was_taken_out_of_it(written: WrittenBrief) -> None:
    baseline = written.request.baseline
    assert written.request.taken_out == ("pj_cku", "pj_cku_makmal")
    text = " ".join(re.sub(r"<[^>]+>", "", written.page).split())
    assert f"The plan is compared with the baseline “{baseline.title}”, which has 28 projects" in text
    taken = " and ".join(written.inputs.with_names(name) for name in written.request.taken_out)
    assert f"{taken} are also in the plan chosen as baseline." in text
    costs = written.inputs.costs_musd
    assert set(costs.index) == {choice.project for choice in written.request.plan.own}


def test_effect_with_an_assumption_is_that_of_its_stored_runs(written: WrittenBrief) -> None:
    """Plan minus baseline with growth times 0.5 and 1.5, each relative to its own base run."""
    table = written.inputs.sensitivity
    assert isinstance(table, pd.DataFrame)
    row = table.set_index("assumption").to_dict("index")["growth"]
    reference = written.request.scenarios[0]
    for end, factor in (("low", 0.5), ("high", 1.5)):
        grown = reference.model_copy(update={"name": f"assumed_growth_{end}", "growth_factor": factor})
        gains = []
        for plan in (written.request.baseline, written.request.plan):
            run = define_run(
                written.request.region,
                plan,
                grown,
                written.request.baseline,
                written.request.study.definition.settings,
            )
            stored = written.store.read(economies_key(run), "economies")
            gains.append(float(stored.loc[stored["home"].astype(bool), "gain_musd"].sum()))
        assert gains[0] == pytest.approx(0.0, abs=1e-6)
        assert row[f"{end}_musd"] == pytest.approx(gains[1] - gains[0])


def test_ranges_of_assumptions_cite_their_rows(written: WrittenBrief) -> None:
    rows = written.brief.figures.set_index("figure")["rows"].to_dict()
    assert rows["assumed_growth_low"] == rows["assumed_growth_high"] == "assumption_ranges/growth"
    line = written.request.region.tables["assumption_ranges"].line_of("growth")
    assert f'href="#row-assumption_ranges.csv:{line}"' in written.page


@pytest.mark.usefixtures("without_pdf")
def test_pack_without_ranges_varies_no_assumption(written: WrittenBrief, tmp_path: Path) -> None:
    region = written.inputs.region
    ranges = region.tables["assumption_ranges"]
    empty = replace(ranges, frame=ranges.data.iloc[:0])
    without = replace(region, tables={**region.tables, "assumption_ranges": empty})
    write_brief(replace(written.inputs, region=without, sensitivity=None), tmp_path)
    page = Page((tmp_path / "brief.html").read_text("utf-8"))
    assert "gives no ranges of its assumptions, so none was varied" in page.text


@pytest.mark.usefixtures("without_pdf")
def test_brief_without_loans_partners_and_article_is_written(written: WrittenBrief, tmp_path: Path) -> None:
    """Tables without rows and pictures without bars are omitted."""
    alone = replace(written.inputs, homes=("TJK",), dependence=None, sensitivity=None, announcement=None)
    brief = write_brief(alone, tmp_path)
    page = (tmp_path / "brief.html").read_text("utf-8")
    assert "does not assess dependence on partners" in page
    assert "Loans of the plan" not in page
    assert "No assumption was varied" in page
    assert brief.figures.set_index("figure")["value"].to_dict()["gain"] == pytest.approx(
        abs(float(written.inputs.effect()["gain_musd"]["TJK"]))
    )


@pytest.mark.usefixtures("without_pdf")
def test_failed_pdf_removes_pdf_of_earlier_brief(written: WrittenBrief, tmp_path: Path) -> None:
    with output_folder(tmp_path) as draft:
        (draft / "brief.pdf").write_bytes(b"%PDF of last week")
    brief = write_brief(written.inputs, tmp_path)
    assert sorted(path.name for path in tmp_path.glob("b*")) == ["brief.html", "brief.xlsx"]
    assert brief.remarks == (
        "no PDF was written",
        f"{tmp_path / 'brief.pdf'} was of an earlier brief and is removed",
    )
