"""Names in plans and scenarios: what is suggested, what is refused, and how long many of them take."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from breaking import PackCopy

from sogdia.case.library import load_plan, load_scenario
from sogdia.errors import FaultsError, render_faults
from sogdia.region import Region, check_pack

CLOSURE = "title: A border\nyear: 2030\nshocks:\n- kind: closure\n  borders: [{}]\n  reason: a quarrel\n"


def messages(region: Region, path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    load = load_scenario if "shocks" in text else load_plan
    with pytest.raises(FaultsError) as caught:
        load(path, region)
    return str(caught.value)


@pytest.mark.parametrize(
    "pair",
    [
        "chn/kgz",
        "China/Kyrgyzstan",
        "Chinese/Kyrgyz",
        "\N{CYRILLIC CAPITAL LETTER ES}HN/KGZ",
        "Chna/Kyrgystan",
    ],
)
def test_border_is_suggested_from_any_names_of_its_ends(shipped: Region, tmp_path: Path, pair: str) -> None:
    assert "did you mean CHN/KGZ?" in messages(shipped, tmp_path / "s.yaml", CLOSURE.format(pair))


def test_project_is_suggested_from_its_name(shipped: Region, tmp_path: Path) -> None:
    name = shipped.table("projects").loc["pj_cku", "name"]
    text = f"title: T\nprojects:\n- project: {name!r}\n"
    assert "did you mean pj_cku" in messages(shipped, tmp_path / "p.yaml", text)


def test_thousands_of_unknown_names_are_listed_without_a_suggestion_each(
    shipped: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def count(_name: str, valid: Iterable[str], _aliases: object) -> str:
        calls.append(len(set(valid)))
        return ""

    monkeypatch.setattr("sogdia.case.model.did_you_mean", count)
    text = "title: T\nprojects:\n" + "".join(f"- project: pj_none_{n}\n" for n in range(2000))
    assert "2000 errors" in messages(shipped, tmp_path / "p.yaml", text)
    assert sum(size > 0 for size in calls) == 20


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('title: "A \\u202Eplan"\n', "has marks of writing direction"),
        ("title: |\n  A\n  plan\n", "has a line break; write it on one line"),
    ],
)
def test_title_with_hidden_marks_is_refused(shipped: Region, tmp_path: Path, text: str, words: str) -> None:
    assert words in messages(shipped, tmp_path / "p.yaml", text)


@pytest.mark.parametrize("name", ["a\nb", "a\N{RIGHT-TO-LEFT OVERRIDE}b"])
def test_file_name_with_hidden_marks_is_refused(shipped: Region, tmp_path: Path, name: str) -> None:
    assert "rename the file" in messages(shipped, tmp_path / f"{name}.yaml", "title: T\n")


def test_file_or_link_in_place_of_a_library_is_an_error(pack: PackCopy, tmp_path: Path) -> None:
    folder = pack.folder
    outside = tmp_path / "outside"
    (folder / "scenarios").rename(outside)
    (folder / "scenarios").symlink_to(outside.absolute())
    (folder / "plans").rename(tmp_path / "kept_plans")
    (folder / "plans").write_text("title: T\n")
    found = render_faults(check_pack(folder))
    assert "plans: a file where a folder is expected; make it a folder of plans" in found
    assert "scenarios: a link out of the pack; copy the files into it" in found
