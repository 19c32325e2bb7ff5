"""Data dictionary of a region."""

from __future__ import annotations

from breaking import PackCopy

from sogdia.region import Region, describe, describe_markdown, load_region
from sogdia.tables import table_schemas


def test_description_counts_rows_cells_and_basis(pack: PackCopy) -> None:
    pack.set("links", 2, "basis", "reported")
    pack.set("links", 3, "basis", "derived")
    pack.set("links", 4, "basis", "derived")
    content = describe(load_region(pack.folder))
    tables = {entry["name"]: entry for entry in content["tables"]}
    links = tables["links"]
    assert (links["rows"], links["basis"]) == (5, {"reported": 1, "derived": 2, "assumed": 2})
    filled = {field["name"]: field["filled"] for field in links["fields"]}
    assert (filled["id"], filled["capacity_t"], filled["opening_year"], filled["project"]) == (5, 3, 1, 1)
    assert (filled["electrified"], filled["tracks"], filled["capacity_note"]) == (0, 2, 0)
    assert tables["sources"]["basis"] == {}
    assert (tables["barriers"]["rows"], tables["power_profiles"]["rows"]) == (1, 12)
    rows = sum(entry["rows"] for entry in content["tables"] if table_schemas()[entry["name"]].has_provenance)
    assert content["basis"] == {"reported": 1, "derived": 2, "assumed": rows - 3}
    length = next(field for field in links["fields"] if field["name"] == "length_km")
    assert (length["type"], length["unit"], length["required"], length["range"]) == (
        "number",
        "km",
        True,
        [0.1, 30000.0],
    )
    targets = {field["name"]: field["refers_to"] for field in links["fields"]}
    assert (targets["from"], targets["source"], targets["mode"]) == ("places.id", "sources.id", None)


def test_markdown_page_lists_every_field(isles: Region) -> None:
    page = describe_markdown(isles)
    assert page.startswith("# Data dictionary: The Isles\n\nVersion 0.1.0, base year 2021, digest `")
    assert "| `links` | 5 | 0 % | 0 % | 100 % |" in page
    assert "| `sources` | 2 |  |  |  |" in page
    for name, schema in table_schemas().items():
        assert f"\n## {name}\n" in page
        assert all(f"| `{field}`" in page for field in schema.field_names)
    cells = {line.count("|") - line.count("\\|") for line in page.splitlines() if line.startswith("| `")}
    assert cells == {6, 7}
