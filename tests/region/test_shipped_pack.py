"""The shipped region: valid by our check, and by frictionless as an independent one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from breaking import DESCRIPTOR

from sogdia.region import Region, check_pack, refresh_descriptor
from sogdia.tables import table_schemas


def test_shipped_region_is_valid() -> None:
    assert [str(fault) for fault in check_pack("central_asia")] == []


def test_descriptor_of_the_shipped_region_is_up_to_date(shipped: Region, tmp_path: Path) -> None:
    before = (shipped.folder / DESCRIPTOR).read_bytes()
    (tmp_path / DESCRIPTOR).write_bytes(before)
    assert refresh_descriptor(tmp_path).read_bytes() == before


@pytest.fixture(scope="module")
def report(shipped: Region) -> Any:
    """Report of frictionless, by its own reading of the descriptor and the files."""
    from frictionless import Package

    return Package(DESCRIPTOR, basepath=str(shipped.folder)).validate()


def test_frictionless_finds_no_error(report: Any) -> None:
    assert report.errors == []
    assert [error.message for task in report.tasks for error in task.errors] == []
    assert report.valid


def test_frictionless_reads_every_row(report: Any, shipped: Region) -> None:
    rows = {task.name: task.stats.get("rows", 0) for task in report.tasks}
    assert rows == {name: len(shipped.table(name)) for name in table_schemas()}


def references(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource in content["resources"]:
        for key in resource["schema"].get("foreignKeys", []):
            yield resource["name"], key


def test_frictionless_reports_a_broken_foreign_key(shipped: Region) -> None:
    # The report above is meaningful only if frictionless finds a broken key.
    from frictionless import Package

    content = json.loads((shipped.folder / DESCRIPTOR).read_text("utf-8"))
    assert len(list(references(content))) >= 25
    small = [item for item in content["resources"] if item["name"] in ("alternatives", "projects")]
    for item in small:
        item["schema"]["foreignKeys"] = [
            {"fields": key["fields"], "reference": {"resource": "projects", "fields": ["name"]}}
            for key in item["schema"].get("foreignKeys", [])
        ]
    package = Package.from_descriptor({"name": "small", "resources": small}, basepath=str(shipped.folder))
    types = {error.type for task in package.validate().tasks for error in task.errors}
    assert types == {"foreign-key"}


def test_every_variant_keeps_output_equal_to_sales(shipped: Region) -> None:
    edits = shipped.table("variant_edits")
    for name, rows in edits[edits["table"].str.startswith("sector_")].groupby("variant"):
        flows, outputs = shipped.table("sector_flows"), shipped.table("sector_outputs")
        frames = {"sector_flows": flows, "sector_outputs": outputs}
        for table, row, field, value in zip(
            rows["table"], rows["row"], rows["field"], rows["value"], strict=True
        ):
            frames[table].loc[row, field] = float(value)
        sales = flows.groupby(["exporter", "sector"])["value_musd"].sum()
        gross = outputs.set_index(["iso3", "sector"])["gross_output_musd"]
        apart = (sales.reindex(gross.index).fillna(0.0) - gross).abs()
        assert (apart <= (0.005 * gross).clip(lower=0.15)).all(), name
        assert (outputs["value_added_musd"] <= outputs["gross_output_musd"]).all(), name
