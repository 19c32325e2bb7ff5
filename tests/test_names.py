"""Nearest names: by code, name, case, alias and shape of letters."""

from __future__ import annotations

import pytest

from sogdia.errors import did_you_mean
from sogdia.names import fold, has_override, hidden_characters, nearest_names

CODES = ["CHN", "KGZ", "KAZ", "TJK", "UZB"]
ALIASES = {"china": ("CHN",), "kyrgyzstan": ("KGZ",), "kyrgyz republic": ("KGZ",), "kazakhstan": ("KAZ",)}
CYRILLIC = "\N{CYRILLIC CAPITAL LETTER ES}HN"
INVISIBLE = "CH\N{ZERO WIDTH SPACE}N"
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}NHC"


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("chn", "CHN"),
        ("Chn", "CHN"),
        ("China", "CHN"),
        ("CHINA", "CHN"),
        ("Kyrgyz Republic", "KGZ"),
        ("kyrgyz-republic", "KGZ"),
        ("Kyrgystan", "KGZ"),
        ("Kazakstan", "KAZ"),
        (CYRILLIC, "CHN"),
        (INVISIBLE, "CHN"),
        ("CHN ", "CHN"),
    ],
)
def test_nearest_name_is_found_by_code_name_case_and_alias(name: str, first: str) -> None:
    assert nearest_names(name, CODES, ALIASES)[0] == first


def test_name_of_an_object_that_is_not_valid_here_is_not_suggested() -> None:
    assert "CHN" not in nearest_names("China", ["KGZ", "KAZ"], ALIASES)


def test_look_alike_and_invisible_characters_are_named() -> None:
    assert did_you_mean(CYRILLIC, CODES).endswith("is not Latin (cyrillic capital letter es)")
    assert did_you_mean(INVISIBLE, CODES) == (
        "did you mean CHN?; it has an invisible character (zero width space)"
    )
    assert list(hidden_characters("CHN")) == []
    assert list(hidden_characters("Бишкек")) == []


def test_names_that_look_the_same_fold_to_the_same() -> None:
    assert {fold(name) for name in ("Kok-Aral", "kok_aral", "KOK ARAL", "Kök Aral", "kok\u00a0aral")} == {
        "kok aral"
    }


def test_override_of_the_writing_direction_is_found() -> None:
    assert has_override(OVERRIDE)
    assert not has_override("Бишкек, 2025\n")
