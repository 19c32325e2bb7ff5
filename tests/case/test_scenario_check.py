"""Scenarios that do not match their region."""

from __future__ import annotations

from pathlib import Path

import pytest

from sogdia import build_case, load_region
from sogdia.errors import FaultsError

from .toy import plan, scenario, write_toy


def test_two_variants_of_one_cell_are_rejected(tmp_path: Path) -> None:
    def doubled(table: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
        if table == "variants":
            return [*rows, {**rows[-1], "id": "dear_rail"}]
        if table == "variant_edits":
            return [*rows, {**rows[-1], "variant": "dear_rail", "value": "0.09"}]
        return rows

    region = load_region(write_toy(tmp_path / "toy", doubled))
    for name in ("cheap_rail", "dear_rail"):
        build_case(region, plan(), scenario(variants=[name]))
    with pytest.raises(FaultsError, match="dear_rail and cheap_rail both edit rates rail/any/container/2023"):
        build_case(region, plan(), scenario(variants=["cheap_rail", "dear_rail"]))
