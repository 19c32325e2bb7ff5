"""The workbench in a browser, on the small region: every request stays on the machine."""

from __future__ import annotations

import json
import re
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")

import uvicorn
from playwright.sync_api import Browser, Locator, Page, Route, expect, sync_playwright

from sogdia.web.app import create_app
from sogdia.web.settings import WebSettings
from web.browser import MISSING, OPTIONS, chromium
from web.studies import EFFECTS, store_studies

AXE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
NEEDS_AXE = "axe-core is not installed: run npm ci"
PAGES = Path(__file__).parent.parent.parent / "src" / "sogdia" / "web" / "pages"
VIEWS = tuple(sorted(path.stem for path in (PAGES / "views").glob("*.js")))
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 800}
ARTICLE = (
    "Ferry deal\n\n12 June 2025\n\nFarland's state bank signed a loan of $40 million for the Ferry from "
    "North Port to Far Haven on Monday. <script>document.title = 'run'</script>\n"
)
WAIT_MS = 90_000
"""Longest wait; a machine under load is slow."""
LONGEST_JOB_MS = 400_000
"""Longest wait for a job, which compiles kernels if it is the first."""
GRAPHICS = re.compile(r"WebGL|GL Driver")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip(MISSING)
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as library:
        opened = library.chromium.launch(executable_path=path, args=list(OPTIONS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(
    powered_isles: Path, web_store: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[str]:
    """Address of a server with a store of its own, with studies of all kinds; jobs run."""
    assert browser.is_connected()
    folder = tmp_path_factory.mktemp("browser")
    store = Path(shutil.copytree(web_store, folder / "store"))
    store_studies(store, powered_isles, folder)
    app = create_app(WebSettings(store=store, region=powered_isles))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="on", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page whose requests all go to the server, and that reports no error."""
    context = browser.new_context(viewport=WIDE, accept_downloads=True)  # type: ignore[arg-type]
    context.set_default_timeout(WAIT_MS)
    elsewhere: list[str] = []
    problems: list[str] = []

    def check(route: Route) -> None:
        if urlsplit(route.request.url).netloc == urlsplit(address).netloc:
            route.continue_()
        else:
            elsewhere.append(route.request.url)
            route.abort()

    context.route(re.compile(r"^(?!data:|blob:)"), check)
    opened = context.new_page()
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on(
        "console",
        lambda message: (
            problems.append(message.text)
            if message.type == "error" and not GRAPHICS.search(message.text)
            else None
        ),
    )
    yield opened
    context.close()
    assert elsewhere == []
    assert problems == []


def open_view(page: Page, address: str, state: str) -> None:
    page.goto(f"{address}#{state}")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".loading")).to_have_count(0, timeout=WAIT_MS)


def seen_runs(page: Page, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.request.get(f"{address}api/v1/runs").json()
    return found


def test_plan_is_built_run_and_stored(page: Page, address: str) -> None:
    open_view(page, address, "plan")
    page.get_by_label("Wind farm above Hill Town").check()
    page.locator(".chosen-projects summary").click()
    page.get_by_label("Opening year").fill("2028")
    page.get_by_label("Opening year").press("Tab")
    page.get_by_role("button", name="Add a partner").click()
    page.get_by_label("Title of the plan").fill("Wind alone")
    page.get_by_label("Title of the plan").press("Tab")
    yaml = page.get_by_label("plans/wind_alone.yaml")
    expect(yaml).to_have_value(re.compile("opening_year: 2028"))
    expect(yaml).to_have_value(re.compile("partner: XBKF"))
    page.get_by_role("button", name="Run", exact=True).click()
    job = page.locator(".job").first
    expect(job).to_have_class(re.compile("is-(running|queued|finished)"))
    expect(job).to_have_class(re.compile("is-finished"), timeout=LONGEST_JOB_MS)
    labels = [run["label"] for run in seen_runs(page, address)]
    assert "wind_alone/reference/2030" in labels
    page.get_by_role("button", name="Map", exact=True).first.click()
    expect(page).to_have_url(re.compile(r"#map\?.*minus=[0-9a-f]+.*run=[0-9a-f]+"))


def test_errors_of_a_plan_are_shown_and_it_cannot_run(page: Page, address: str) -> None:
    open_view(page, address, "plan?plan=ferry_age")
    page.get_by_label("plans/ferry_age.yaml").fill("title: Wrong\nprojects:\n- project: hil_wind\n")
    page.get_by_role("button", name="Apply the text").first.click()
    expect(page.get_by_role("alert")).to_contain_text("did you mean hill_wind?")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_disabled()


def test_closure_with_the_keyboard_alone(page: Page, address: str) -> None:
    open_view(page, address, "plan?scenario=reference")
    box = page.get_by_role("combobox", name="Close a border, crossing or link")
    for _ in range(40):
        page.keyboard.press("Tab")
        if box.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.type("far haven ferry")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Shocks of the scenario")).to_contain_text("closure: links")
    expect(page.locator(".yaml").nth(1)).to_have_value(re.compile("kind: closure"))
    expect(page.get_by_label("Title of the scenario")).to_have_value(re.compile("closed$"))


def test_article_becomes_a_plan(page: Page, address: str) -> None:
    open_view(page, address, "article")
    page.get_by_role("textbox", name="Text").fill(ARTICLE)
    page.get_by_role("button", name="Read").click()
    mark = page.locator(".article-text mark")
    expect(mark).to_contain_text("signed a loan of $40 million")
    expect(page.locator(".article-text")).to_contain_text("<script>")
    assert page.title() != "run"
    page.get_by_label("reject").check()
    expect(mark).to_have_class(re.compile("is-rejected"))
    page.get_by_role("button", name="Draft a plan").click()
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_disabled()
    page.get_by_label("accept").check()
    page.get_by_text("Correct", exact=True).click()
    page.get_by_label("Year").fill("2031")
    page.get_by_label("Year").press("Tab")
    page.get_by_role("button", name="Draft a plan").click()
    expect(page.get_by_role("heading", name="Plan")).to_be_visible()
    page.get_by_role("button", name="Open in the plan view").click()
    expect(page.get_by_text("Ferry from North Port to Far Haven 2031")).to_be_visible()


def test_table_of_a_run_is_downloaded(page: Page, address: str) -> None:
    run = next(each for each in seen_runs(page, address) if each["plan"] == "ferry_age")
    open_view(page, address, f"runs?run={run['id']}")
    page.get_by_role("button", name="Economies", exact=False).first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("as csv")).last.click()
    content = Path(download.value.path()).read_text("utf-8-sig")
    assert content.startswith("economy,")
    assert len(content.splitlines()) > 2


def test_link_to_a_view_opens_it_as_it_was(page: Page, address: str) -> None:
    open_view(page, address, "money?plan=ferry_age&home=XAB")
    expect(page.get_by_role("combobox", name="Plan", exact=True)).to_have_value("ferry_age")
    expect(page.get_by_role("combobox", name="Country")).to_have_value("XAB")
    expect(page.get_by_role("link", name="Money")).to_have_attribute("aria-current", "page")


def pair(page: Page, address: str) -> tuple[str, str]:
    """Return the ids of the runs of the plan and of its baseline."""
    found = {run["plan"]: run["id"] for run in seen_runs(page, address)}
    return found["ferry_age"], found["as_is"]


def choose_with_the_keyboard(row: Locator) -> None:
    row.focus()
    row.press("Enter")


def test_comparison_by_its_address_has_sentences_intervals_and_reasons(page: Page, address: str) -> None:
    plan, base = pair(page, address)
    open_view(page, address, f"compare?runs={base},{plan}&why=lane")
    expect(page.get_by_role("region", name="In short")).to_contain_text(
        re.compile(r"The home countries together .*80 % interval of the change: \+1 to \+9")
    )
    expect(page.get_by_text(f"80 % of {len(EFFECTS)} samples")).to_be_visible()
    measures = page.get_by_role("region", name="Measures")
    expect(measures.get_by_role("columnheader")).to_contain_text(
        ["Change", "Low", "High"], use_inner_text=True
    )
    expect(measures.get_by_role("row", name=re.compile("^Gain of the home countries"))).to_contain_text("+9")
    expect(page.get_by_role("region", name=re.compile("^Cost of .*, change"))).to_contain_text("Total")
    page.get_by_label("Explain").select_option("price")
    expect(page.get_by_role("region", name=re.compile("^What sets the price"))).to_contain_text(", at ")
    page.get_by_label("Table").select_option("economies")
    economies = page.get_by_role("region", name="Economies")
    expect(economies.get_by_role("row", name=re.compile("^Northholm"))).to_contain_text("−12.5")
    choose_with_the_keyboard(measures.get_by_role("row", name=re.compile("^Corridor, t")).first)
    expect(page.get_by_role("heading", name="Corridor, t/a")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Corridor, t/a")).to_be_visible()


def test_comparison_without_an_ensemble_says_so(page: Page, address: str) -> None:
    plan, base = pair(page, address)
    open_view(page, address, f"compare?runs={plan},{base}")
    expect(page.get_by_text("Changes of as is have no interval")).to_be_visible()


def test_link_is_selected_with_its_users_and_closed(page: Page, address: str) -> None:
    plan, base = pair(page, address)
    open_view(page, address, f"map?run={plan}&minus={base}")
    choose_with_the_keyboard(page.get_by_role("row", name=re.compile("^link South port – Far haven", re.I)))
    details = page.get_by_role("complementary", name="Details")
    expect(details.get_by_role("region", name=re.compile("uses", re.I))).to_contain_text("t")
    details.get_by_role("button", name="Close it in a scenario").press("Enter")
    expect(page.get_by_role("list", name="Shocks of the scenario")).to_contain_text("closure: links")
    expect(page.get_by_label(re.compile("^scenarios/.*closed.yaml"))).to_have_value(
        re.compile("ferry_south_far")
    )
    assert "close=" not in page.url


def test_address_closes_a_border_and_adds_a_project(page: Page, address: str) -> None:
    open_view(page, address, "plan?close=links:ferry_north_south&add=hill_wind")
    expect(page.get_by_role("list", name="Shocks of the scenario")).to_contain_text("closure: links")
    expect(page.get_by_label("Wind farm above Hill Town")).to_be_checked()
    expect(page.locator(".yaml").nth(0)).to_have_value(re.compile("project: hill_wind"))
    expect(page.locator(".yaml").nth(1)).to_have_value(re.compile("- ferry_north_south"))
    open_view(page, address, "plan?close=links:nothing")
    expect(page.get_by_role("status")).to_contain_text("nothing to close")


def test_job_is_cancelled(page: Page, address: str) -> None:
    open_view(page, address, "plan?plan=ferry_age&scenario=reference")
    page.get_by_label("Year", exact=True).fill("2033")
    page.get_by_label("Year", exact=True).press("Tab")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("button", name="Cancel").first.click()
    expect(page.locator(".job").first).to_have_class(re.compile("is-cancelled"))
    assert {run["year"] for run in seen_runs(page, address)} == {2030}


def test_coalition_is_ticked_with_the_keyboard(page: Page, address: str) -> None:
    open_view(page, address, "partners")
    expect(page.locator(".chart-place svg")).to_be_visible()
    tick = page.get_by_role("checkbox", name="Farland")
    tick.focus()
    tick.press("Space")
    expect(page).to_have_url(re.compile("gone=farland"))
    expect(page.get_by_role("region", name="Loss of this coalition").get_by_role("row")).to_have_count(3)


def test_portfolio_is_chosen_by_its_address_and_in_the_list(page: Page, address: str) -> None:
    open_view(page, address, "portfolio?portfolio=1")
    expect(page.locator(".chart-place svg circle").first).to_be_visible()
    expect(page.get_by_role("heading", level=2, name=re.compile("^Portfolio 1"))).to_be_visible()
    choice = page.get_by_role("combobox", name="Portfolio")
    other = choice.locator("option").last.get_attribute("value") or ""
    choice.select_option(other)
    expect(page.get_by_role("heading", level=2, name=re.compile(f"^Portfolio {other}"))).to_be_visible()


def test_money_shows_debt_payments_and_finance(page: Page, address: str) -> None:
    open_view(page, address, "money?plan=ferry_age")
    paid = page.get_by_role("figure").filter(has_text="who is paid each year")
    expect(paid.get_by_role("listitem")).to_have_text("Far Bank")
    expect(paid.get_by_role("img")).to_have_accessible_name("In 2028 2.4 USD million are due to Far Bank.")
    page.locator("summary", has_text="Finance of the plan").click()
    expect(page.get_by_role("region", name="Finance of the plan")).to_contain_text("XBKF")


@pytest.mark.parametrize("view", VIEWS)
def test_view_is_as_wide_as_the_screen_and_accessible(page: Page, address: str, view: str) -> None:
    open_view(page, address, view)
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    if not AXE.exists():
        pytest.skip(NEEDS_AXE)
    # Through the debugger, since the content security policy refuses scripts inside the page.
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run().then((result) => result.violations)")
    serious = [
        (each["id"], [node["html"][:200] for node in each["nodes"]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert not serious, json.dumps(serious, indent=1)
