"""Commands that read an article with a model: ``read``, ``plan-from`` and ``brief``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

import sogdia.api
from sogdia.api.articles import ArticleReading
from sogdia.articles import read_article
from sogdia.articles.document import numbered_mentions
from sogdia.articles.reading import annotate_article
from sogdia.cli.main import app
from sogdia.errors import CannotRunError, InputError
from sogdia.region import Region

from .conftest import Mock

TEXT = (
    "A plant of two states\n\nOn 3 March 2026 the World Bank approved a loan of $350 million for the Rogun "
    "hydropower plant in Tajikistan.\n"
)


@pytest.fixture
def file(tmp_path: Path, mock: Mock, region: Region) -> Path:
    """Return an article, for which the model has an answer."""
    article = read_article(TEXT)
    _, sentences = annotate_article(article, region)
    named = {item.kind: item.id for item in reversed(numbered_mentions(sentences))}
    row = {
        "type": "finance", "partners": [named["party"]], "work": named["work"], "amount": named["amount"],
        "date": named["date"], "status": "approved", "quote": article.body[0].text,
    }  # fmt: skip
    mock.answer([row, row | {"partners": ["P77"]}])
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def call(*words: object) -> Result:
    return CliRunner().invoke(app, list(map(str, words)), catch_exceptions=False)


def test_read_shows_claims_of_the_model_and_its_refused_rows(file: Path, mock: Mock) -> None:
    options = ("--reader", "model", "--endpoint", mock.endpoint, "--model", "mock", "--format", "json")
    found: dict[str, Any] = json.loads(call("read", file, *options).output)
    assert [(claim["reader"], claim["partners"]) for claim in found["claims"]] == [("model mock", ["WBG"])]
    assert any("no mention has the id 'P77'" in remark for remark in found["article"]["remarks"])
    csv = call("read", file, *options[:-1], "csv").output
    assert csv.splitlines()[0].endswith("reader")
    assert csv.splitlines()[1].endswith("model mock")


def test_plan_from_takes_the_endpoint_of_the_environment(
    file: Path, mock: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOGDIA_MODEL_ENDPOINT", mock.endpoint)
    monkeypatch.setenv("SOGDIA_MODEL", "mock")
    plan = yaml.safe_load(call("plan-from", file, "--reader", "model").output)
    assert [choice["project"] for choice in plan["projects"]] == ["pj_rogun"]
    assert mock.requests


def test_brief_is_on_the_claims_of_the_model(file: Path, mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    subjects: list[object] = []

    def write(subject: object, **_: object) -> None:
        subjects.append(subject)
        raise CannotRunError("enough")

    monkeypatch.setattr(sogdia.api, "brief", write, raising=False)
    with pytest.raises(CannotRunError, match="enough"):
        call("brief", file, "--reader", "model", "--endpoint", mock.endpoint, "--model", "mock")
    with pytest.raises(CannotRunError, match="enough"):
        call("brief", file)
    assert isinstance(subjects[0], ArticleReading)
    assert {claim.reader for claim in subjects[0].records} == {"model mock"}
    assert subjects[1] == file


def test_ledger_commands_take_the_claims_of_the_model(file: Path, mock: Mock) -> None:
    door = ("--reader", "model", "--endpoint", mock.endpoint, "--model", "mock", "--json")
    matched = json.loads(call("ledger", "match", file, *door).output)
    assert len(matched["matches"]) == len(
        json.loads(call("read", file, *door[:-1], "--format", "json").output)["claims"]
    )
    proposed = json.loads(call("ledger", "propose", file, *door).output)
    assert set(proposed) == set(json.loads(call("ledger", "propose", file, "--json").output))
    assert mock.requests


@pytest.mark.parametrize("command", ["read", "plan-from", "brief"])
def test_endpoint_without_the_reader_model_is_refused(file: Path, command: str) -> None:
    with pytest.raises(InputError, match="--reader model"):
        call(command, file, "--endpoint", "http://localhost:1/v1")
