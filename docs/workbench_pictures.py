"""Draw the pictures of the workbench in ``docs/pictures``, as a browser shows it.

Run as ``python docs/workbench_pictures.py STORE`` with a store that has runs of the shipped region, of
``sogdia run`` and ``sogdia dependence``. It needs Chromium or Chrome and playwright, as the tests do.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, sync_playwright

from sogdia.web.app import create_app
from sogdia.web.settings import WebSettings

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from web.browser import MISSING, OPTIONS, chromium  # noqa: E402 (of the tests, found only now)

PICTURES = ROOT / "docs" / "pictures"
ARTICLE = ROOT / "src" / "sogdia" / "examples" / "announcement.txt"
WIDTH, HEIGHT = 1280, 860
REFERENCE = "reference"
WAIT_MS = 180_000
SETTLE_MS = 8000
"""Time in which a map draws its last tile."""


def main() -> None:
    """Draw all pictures."""
    if len(sys.argv) != 2:
        sys.exit("name the folder of a store with runs: python docs/workbench_pictures.py STORE")
    store, browser = Path(sys.argv[1]), chromium()
    if not store.is_dir():
        sys.exit(f"{store}: no such folder; sogdia run makes a store")
    if browser is None:
        sys.exit(MISSING)
    with _server(store) as address, sync_playwright() as library:
        opened = library.chromium.launch(executable_path=browser, args=list(OPTIONS))
        page = opened.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_default_timeout(WAIT_MS)
        runs = _runs(page, address)
        for name, (view, act, drawn) in VIEWS.items():
            page.goto("about:blank")
            page.goto(f"{address}#{view.format(**runs)}")
            page.get_by_role("heading", level=1).wait_for()
            page.locator(".loading").wait_for(state="detached")
            act(page)
            page.locator(drawn).first.wait_for()
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(SETTLE_MS)
            page.screenshot(path=PICTURES / f"workbench-{name}.png")
        opened.close()


@contextmanager
def _server(store: Path) -> Iterator[str]:
    """Serve a store at a free port."""
    app = create_app(WebSettings(store=store.absolute()))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    server.should_exit = True
    thread.join()


def _runs(page: Page, address: str) -> dict[str, str]:
    """Return the ids of the latest run of a plan without shocks, and of the run of its baseline plan."""
    found = page.request.get(f"{address}api/v1/runs").json()
    plain = [run for run in found if run["scenario"] == REFERENCE]
    baselines = {run["family"]: run["id"] for run in plain if run["is_baseline"]}
    pairs = [(run["id"], baselines[run["family"]]) for run in plain if run["family"] in baselines]
    for run, minus in pairs:
        if run != minus:
            return {"run": run, "minus": minus}
    sys.exit("the store has no run of a plan and of its baseline plan without shocks; sogdia run makes them")


def _as_opened(_: Page) -> None:
    """Show the view as it opens."""


def _close_a_crossing(page: Page) -> None:
    """Close the first crossing of the list, so that the picture shows a shock."""
    page.get_by_role("combobox", name="Close a border, crossing or link").fill("pass")
    page.keyboard.press("Enter")
    page.get_by_role("list", name="Shocks of the scenario").get_by_role("listitem").wait_for()


def _read_the_example(page: Page) -> None:
    """Read the example announcement."""
    page.get_by_role("textbox", name="Text").fill(ARTICLE.read_text("utf-8"))
    page.get_by_role("button", name="Read").click()
    page.get_by_role("list").locator(".claim").first.wait_for()
    page.locator(".article-text").evaluate("element => element.scrollIntoView()")


VIEWS: dict[str, tuple[str, Callable[[Page], None], str]] = {
    "map": ("map?run={run}&minus={minus}", _as_opened, ".legend li"),
    "plan": ("plan", _close_a_crossing, ".chosen-projects li"),
    "compare": ("compare?runs={minus},{run}", _as_opened, ".chart-place g[data-mark=bar]"),
    "partners": ("partners", _as_opened, ".chart-place svg"),
    "money": ("money?plan=announced_2025", _as_opened, ".chart-place svg"),
    "article": ("article", _read_the_example, ".claims li"),
}
"""Views to draw: address, first action, and an element that is there once the view is drawn."""


if __name__ == "__main__":
    main()
