"""Get results out of Sogdia for the golden record: the only part of it that knows the interface."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from bench import bench_folder

from sogdia import build_case, load_plan, load_region, load_scenario
from sogdia.articles import Gazetteer, gold_row, read_article, read_claims, read_gold, score, score_rows
from sogdia.articles.scoring import FRAME
from sogdia.dependence import DependenceSettings
from sogdia.dependence import dependence as run_dependence
from sogdia.runs.definition import expand_study, make_study
from sogdia.runs.executor import make_executor
from sogdia.runs.store import Store
from sogdia.runs.studies import run_study

ROOT = Path(__file__).parents[2]
BENCH = bench_folder()
NETWORKS, PRACTICE = BENCH / "freight" / "tntp", BENCH / "articles"
OWN = ROOT / "tests" / "articles" / "articles"
Result = tuple[dict[str, pd.DataFrame], dict[str, float]]


def command(*words: str) -> bytes:
    """Run ``sogdia`` and return what it prints."""
    return subprocess.run([sys.executable, "-m", "sogdia", *words], check=True, stdout=subprocess.PIPE).stdout


def assignment() -> Iterator[tuple[str, Result]]:
    """Yield flows and objective of the published networks, by user equilibrium and by logit."""
    for folder, stem, algorithm, gap in (
        ("Braess-Example", "Braess", "ue", 1e-10),
        ("SiouxFalls", "SiouxFalls", "ue", 1e-10),
        ("SiouxFalls", "SiouxFalls", "so", 1e-8),
        ("SiouxFalls", "SiouxFalls", "sue", 1e-6),
        ("Anaheim", "Anaheim", "ue", 1e-8),
        ("Eastern-Massachusetts", "EMA", "ue", 1e-8),
    ):
        home = NETWORKS / folder
        files = ["--net", str(home / f"{stem}_net.tntp"), "--trips", str(home / f"{stem}_trips.tntp")]
        words = ["assign", *files, "--algorithm", algorithm, "--gap", str(gap), "--json"]
        out = ROOT / f".golden-{stem}.csv"
        told = json.loads(command(*words, "--out", str(out)))
        flows = pd.read_csv(out, float_precision="round_trip")
        out.unlink()
        yield f"{stem}/{algorithm}", ({"flows": flows}, {"objective": told["objective"]})


def reading() -> Iterator[tuple[str, Result]]:
    """Yield the claims of every practice article, with the scores."""
    region = load_region("central_asia")
    gazetteer = Gazetteer(region)
    for folder in (PRACTICE, OWN):
        for gold in sorted(folder.glob("*.gold.csv")):
            stem = gold.name.removesuffix(".gold.csv")
            page = folder / f"{stem}.html"
            article = read_article(page if page.is_file() else folder / f"{stem}.txt")
            claims = read_claims(article, region)
            rows = score_rows(score(claims, read_gold(gold), gazetteer))
            extracted = pd.DataFrame([gold_row(claim) for claim in claims])
            scores = pd.DataFrame(rows).drop(columns="item")
            frame = next(row for row in rows if row["item"] == FRAME)
            headline = {"claims": float(len(claims)), "f1": float(frame["f1"])}
            yield f"{folder.name}/{stem}", ({"scores": scores, "claims": extracted}, headline)


def runs(store: Path, workers: int, plans: tuple[str, ...], scenarios: tuple[str, ...]) -> dict[str, Result]:
    """Return the tables of runs, by label."""
    region = load_region("central_asia")
    study = make_study(region="central_asia", base="as_is", plans=list(plans), scenarios=list(scenarios))
    chosen = expand_study(
        study, region, load_plan("as_is", region),
        [load_plan(name, region) for name in plans if name != "as_is"],
        [load_scenario(name, region) for name in scenarios],
    )  # fmt: skip
    kept = Store(store)
    for done in run_study(chosen, kept, make_executor("processes", workers), threads=1):
        if done.error:
            raise RuntimeError(f"{done.label}: {done.error}")
    found = {}
    for run in chosen.runs:
        tables = kept.tables(run.key)
        economies = tables["economies"]
        gain = economies[economies["home"]].set_index("economy")["gain_musd"]
        found[run.label] = (tables, {str(name): float(value) for name, value in gain.items()})
    return found


def dependence(store: Path, workers: int, plan: str) -> Result:
    """Return the tables of the dependence of a plan."""
    region = load_region("central_asia")
    case = build_case(region, load_plan(plan, region), load_scenario("reference", region))
    result = run_dependence(
        case, DependenceSettings(), executor=make_executor("processes", workers), folder=store
    )
    tables = result.tables()
    alone = result.losses[result.losses["size"] == 1]
    return tables, {
        f"{row['home']}/{row['partners']}": float(row["loss_pct"]) for row in alone.to_dict("records")
    }


def brief(store: Path, workers: int) -> Result:
    """Return the figures of the default brief."""
    article = ROOT / "src" / "sogdia" / "examples" / "announcement.txt"
    words = ("brief", str(article), "--store", str(store), "--out", str(store.parent / "brief"), "--json")
    told = json.loads(command(*words, "--workers", str(workers)))
    figures = pd.DataFrame(told["figures"])
    headline = {str(row["figure"]): float(row["value"]) for row in told["figures"][:25]}
    return {"figures": figures[["figure", "value", "unit"]]}, headline
