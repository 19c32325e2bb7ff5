"""Jobs run in the background, one after the other; a killed server loses none."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from fastapi.testclient import TestClient

from sogdia.errors import UnknownNameError
from sogdia.files import locked
from sogdia.runs.store import Store
from sogdia.web.app import create_app
from sogdia.web.job_process import CANCELLED, END, JOB, LOCK, PROCESS
from sogdia.web.job_process import main as run_job
from sogdia.web.jobs import MOST_ATTEMPTS, RESULT, STARTED, STARTING_S, JobQueue, Prepared
from sogdia.web.problems import RefusedError
from sogdia.web.settings import Limits, WebSettings

WRITE = {"X-Sogdia": "1"}
JOBS = "/api/v1/jobs"
QUICK, SLOW, WRONG = ("version",), ("assign", "--net", "never.csv"), ("check", "no-such-folder")
LONGEST_S = 300


def prepared(words: tuple[str, ...], runs: tuple[str, ...] = ()) -> Callable[[Path], Prepared]:
    return lambda _: Prepared(words=words, label=" ".join(words), runs=runs)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[JobQueue]:
    one = JobQueue(tmp_path, {"stored"}.__contains__, most=3)
    yield one
    for job in one.jobs():
        one.cancel(job.id)
    one.stop()


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + LONGEST_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def write_job(queue: JobQueue, words: tuple[str, ...] = QUICK, runs: tuple[str, ...] = ()) -> str:
    return queue.submit({"command": "run"}, prepared(words, runs)).id


def test_job_waits_runs_and_finishes(queue: JobQueue) -> None:
    first, second = write_job(queue, QUICK, ("stored", "missing")), write_job(queue, WRONG)
    assert [job.id for job in queue.jobs()] == sorted((first, second), reverse=True)
    assert {job.state for job in queue.jobs()} == {"queued"}
    queue.advance()
    queue.advance()
    assert sorted(job.state for job in queue.jobs()) == ["queued", "running"]
    wait_for(lambda: queue.job(min(first, second)).state not in ("queued", "running"))
    queue.advance()
    wait_for(lambda: queue.job(max(first, second)).state not in ("queued", "running"))
    job = queue.job(first)
    assert (job.state, job.runs, job.finished, job.total) == ("finished", ("stored",), 1, 2)
    assert re.match(r"\d+\.\d+", job.log)
    failed = queue.job(second)
    assert failed.state == "failed"
    assert "no-such-folder" in failed.error
    assert not failed.error.startswith("sogdia")


def test_progress_is_read_from_the_last_line(queue: JobQueue, tmp_path: Path) -> None:
    folder = tmp_path / "jobs" / write_job(queue)
    (folder / STARTED).write_text("")
    (folder / "stderr").write_text("2 s: 0 of 6, freight\n32 s: 4 of 6, about 16 s left, power, all\n")
    job = queue.job(folder.name)
    assert (job.finished, job.total, job.stage, job.seconds_left) == (4, 6, "power, all", 16)
    (folder / "stderr").write_text("3 s: freight\n")
    assert queue.job(folder.name).stage == "freight"


def test_waiting_job_is_cancelled_and_never_starts(queue: JobQueue, tmp_path: Path) -> None:
    key = write_job(queue)
    assert queue.cancel(key).state == "cancelled"
    queue.advance()
    assert not (tmp_path / "jobs" / key / STARTED).exists()
    queue.remove(key)
    with pytest.raises(UnknownNameError):
        queue.job(key)


def test_job_whose_process_was_killed_has_failed(queue: JobQueue, tmp_path: Path) -> None:
    folder = tmp_path / "jobs" / write_job(queue)
    (folder / STARTED).write_text("")
    (folder / PROCESS).write_text(json.dumps({"pid": 1, "started": ""}))
    with locked(folder / LOCK):
        assert queue.job(folder.name).state == "running"
    job = queue.job(folder.name)
    assert job.state == "failed"
    assert "start the job again" in job.error


def test_job_whose_server_died_before_its_process_is_started_again(queue: JobQueue, tmp_path: Path) -> None:
    folder = tmp_path / "jobs" / write_job(queue)

    def attempt(count: int, age_s: float) -> None:
        (folder / STARTED).write_text("then\n" * count)
        os.utime(folder / STARTED, (time.time() - age_s,) * 2)

    attempt(1, age_s=0.0)
    assert queue.job(folder.name).state == "running"
    attempt(MOST_ATTEMPTS, age_s=2 * STARTING_S)
    assert queue.job(folder.name).state == "failed"
    attempt(MOST_ATTEMPTS - 1, age_s=2 * STARTING_S)
    assert queue.job(folder.name).state == "queued"
    queue.advance()
    assert len((folder / STARTED).read_text().splitlines()) == MOST_ATTEMPTS
    wait_for((folder / END).exists)
    assert queue.job(folder.name).state == "finished"


def test_job_cancelled_before_its_process_began_does_not_run(queue: JobQueue, tmp_path: Path) -> None:
    folder = tmp_path / "jobs" / write_job(queue)
    (folder / STARTED).write_text("then\n")
    assert queue.cancel(folder.name).state == "cancelled"
    run_job(folder)
    assert not (folder / END).exists()
    assert queue.job(folder.name).state == "cancelled"


def test_job_runs_once_whoever_starts_it_again(queue: JobQueue, tmp_path: Path) -> None:
    folder = tmp_path / "jobs" / write_job(queue)
    (folder / END).write_text(json.dumps({"code": 0}))
    run_job(folder)
    assert not (folder / PROCESS).exists()


def test_too_many_jobs_are_refused(queue: JobQueue) -> None:
    for _ in range(3):
        write_job(queue)
    with pytest.raises(RefusedError, match="3 jobs wait or run"):
        write_job(queue)


def test_refused_request_leaves_no_folder(queue: JobQueue, tmp_path: Path) -> None:
    def refuse(folder: Path) -> Prepared:
        (folder / "study.yaml").write_text("")
        raise UnknownNameError("plan", "x", ())

    with pytest.raises(UnknownNameError):
        queue.submit({"command": "run"}, refuse)
    assert list((tmp_path / "jobs").iterdir()) == []


def test_files_of_a_job_are_those_that_it_wrote(queue: JobQueue, tmp_path: Path) -> None:
    folder = tmp_path / "jobs" / write_job(queue)
    (folder / RESULT).mkdir()
    (folder / RESULT / "brief.html").write_text("<script>")
    assert queue.job(folder.name).files == ("brief.html",)
    assert queue.file(folder.name, "brief.html").read_text() == "<script>"
    for name in (f"../{JOB}", JOB, "..", ""):
        with pytest.raises(UnknownNameError):
            queue.file(folder.name, name)
    for key in ("..", "../jobs", f"../jobs/{folder.name}"):
        with pytest.raises(UnknownNameError):
            queue.job(key)


@pytest.fixture
def own_client(powered_isles: Path, tmp_path: Path) -> TestClient:
    """A client of a server that does not start jobs by itself."""
    settings = WebSettings(store=tmp_path, region=powered_isles, limits=Limits(waiting_jobs=5))
    return TestClient(create_app(settings), base_url="http://127.0.0.1")


@pytest.mark.parametrize(
    ("request_", "texts"),
    [
        ({"plans": ["ferry_agee"], "scenarios": ["stormi", "x"]}, ["ferry_age?", "stormy", "'x'"]),
        ({"plans": []}, ["at least 1"]),
        ({"plans": ["ferry_age", "../../secret"]}, ["pattern"]),
        ({"plans": ["ferry_age"], "year": 1900}, ["1950"]),
        ({"plans": ["ferry_age"], "words": ["rm"]}, ["Extra inputs"]),
        ({"command": "rm"}, ["rm"]),
        ({"command": "brief"}, ["neither an article nor a plan"]),
        ({"command": "dependence", "partners": ["nobody_here"]}, ["nobody_here"]),
    ],
)
def test_wrong_request_lists_all_its_errors(
    own_client: TestClient, request_: Mapping[str, Any], texts: list[str]
) -> None:
    answer = own_client.post(JOBS, json={"command": "run"} | dict(request_), headers=WRITE)
    assert answer.status_code == 422
    assert all(text in answer.text for text in texts), answer.text
    assert len(answer.json()["faults"]) == len(texts)
    assert own_client.get(JOBS).json() == []


def test_requests_become_commands(own_client: TestClient, tmp_path: Path, powered_isles: Path) -> None:
    def words(**fields: Any) -> list[str]:
        answer = own_client.post(JOBS, json=fields, headers=WRITE)
        assert answer.status_code == 201, answer.text
        content = json.loads((tmp_path / "jobs" / answer.json()["id"] / JOB).read_text("utf-8"))
        return list(content["words"])

    common = ["--region", str(powered_isles), "--store", str(tmp_path), "--workers", "1"]
    assert words(command="run", plans=["ferry_age"], year=2031) == [
        "run", "study.yaml", "--store", str(tmp_path), "--workers", "1",
    ]  # fmt: skip
    assert own_client.get(JOBS).json()[0]["total"] == 0
    assert words(command="dependence", plan="ferry_age", partners=["farland"], coalitions=False) == [
        "dependence", "--scenario", "reference", *common, "--plan", "ferry_age", "--partner", "farland",
        "--solo",
    ]  # fmt: skip
    assert words(command="brief", article="A road\nis built.", scenarios=["stormy"], dependence=False) == [
        "brief", "article.txt", "--out", RESULT, *common, "--scenarios", "stormy", "--no-dependence",
    ]  # fmt: skip
    assert own_client.get(JOBS).json()[0]["label"] == "A road"


def test_brief_of_a_job_runs_no_script(own_client: TestClient, tmp_path: Path) -> None:
    job = own_client.post(JOBS, json={"command": "run", "plans": ["ferry_age"]}, headers=WRITE).json()
    folder = tmp_path / "jobs" / job["id"] / RESULT
    folder.mkdir()
    for name in ("brief.html", "brief.xlsx"):
        (folder / name).write_text("<script>alert(1)</script>")
    shown = own_client.get(f"{JOBS}/{job['id']}/files/brief.html")
    assert shown.headers["content-security-policy"].startswith("sandbox")
    assert "script-src" not in shown.headers["content-security-policy"]
    assert shown.headers["content-disposition"].startswith("inline")
    saved = own_client.get(f"{JOBS}/{job['id']}/files/brief.xlsx")
    assert saved.headers["content-disposition"].startswith("attachment")


def ask(address: str, path: str, fields: Mapping[str, Any] | None = None) -> Any:
    data = None if fields is None else json.dumps(fields).encode()
    headers = {**WRITE, "Content-Type": "application/json"}
    with urlopen(Request(address + path, data, headers), timeout=60) as answer:  # noqa: S310 (our server)
        return json.loads(answer.read())


def start_server(store: Path, region: Path) -> tuple[subprocess.Popen[str], str]:
    words = ["serve", "--store", store, "--region", region, "--port", "0", "--no-browser"]
    server = subprocess.Popen(
        [sys.executable, "-m", "sogdia", *map(str, words)],
        stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert server.stdout is not None
    lines = (server.stdout.readline() for _ in range(2))
    (address,) = (line.split()[1] for line in lines if line.startswith("open "))
    return server, address.rstrip("/")


def stop(server: subprocess.Popen[str]) -> None:
    assert server.stdout is not None
    server.stdout.close()
    server.wait(timeout=30)


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_killed_server_loses_no_job(powered_isles: Path, web_store: Path, tmp_path: Path) -> None:
    store = Path(shutil.copytree(web_store, tmp_path / "store", ignore=shutil.ignore_patterns("claims")))
    runs = Store(store)
    missing = runs.match("ferry_age/reference")
    runs.remove(missing)
    server, address = start_server(store, powered_isles)
    try:
        with runs.claim(missing):  # The first job waits for this run, so that it ends after its server.
            fields = {"command": "run", "plans": ["ferry_age"], "baseline": "as_is"}
            both = [{**fields, "scenarios": [name]} for name in ("reference", "stormy")]
            keys = [ask(address, JOBS, each)["id"] for each in both]
            wait_for((store / "jobs" / keys[0] / PROCESS).exists)
            assert ask(address, f"{JOBS}/{keys[0]}")["state"] == "running"
            server.send_signal(signal.SIGKILL)
            stop(server)
        wait_for((store / "jobs" / keys[0] / END).exists)
        assert not (store / "jobs" / keys[1] / STARTED).exists()
        with runs.claim(json.loads((store / "jobs" / keys[1] / JOB).read_text("utf-8"))["runs"][-1]):
            server, address = start_server(store, powered_isles)
            job = ask(address, f"{JOBS}/{keys[0]}")
            assert (job["state"], job["finished"], job["total"], len(job["runs"])) == ("finished", 2, 2, 2)
            wait_for(lambda: ask(address, f"{JOBS}/{keys[1]}")["state"] == "running")
            assert ask(address, f"{JOBS}/{keys[1]}/cancel", {})["state"] == "cancelled"
        assert (store / "jobs" / keys[1] / CANCELLED).exists()
    finally:
        server.terminate()
        stop(server)


def test_server_beyond_this_machine_without_token_is_refused(tmp_path: Path, powered_isles: Path) -> None:
    words = ["serve", "--store", tmp_path, "--region", powered_isles, "--host", "0.0.0.0"]  # noqa: S104
    finished = subprocess.run(
        [sys.executable, "-m", "sogdia", *map(str, words)], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 1
    assert "--token" in finished.stderr
    assert "other machines" in finished.stderr
