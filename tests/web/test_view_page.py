"""A view as one page: complete in itself, without script, with the figures of the comparison."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient
from lxml import html

REFERENCE = re.compile(r"""(?:src|href)\s*=\s*["'](?!#|data:)|url\((?!#|["']?#)|@import""")


def test_page_of_a_difference_needs_no_other_file_and_has_its_figures(
    client: TestClient, run_ids: tuple[str, str]
) -> None:
    state = "view=compare&x=</p><script>alert(1)</script>"
    answer = client.get("/api/v1/view.html", params={"run": run_ids[0], "minus": run_ids[1], "state": state})
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith('"ferry_age-reference-2030.html"')
    assert "<script" not in answer.text
    assert not REFERENCE.search(answer.text.replace("xlink:href", "href"))
    page = html.document_fromstring(answer.text)
    assert len(page.findall(".//svg")) == 2
    assert run_ids[0][:12] in page.text_content()
    assert state in page.text_content()
    (gain,) = (row for row in page.iter("tr") if row.text_content().startswith("Gain of the home countries"))
    measures = client.get(f"/api/v1/compare?runs={run_ids[1]},{run_ids[0]}").json()["measures"]
    (expected,) = (row["differences"][1] for row in measures if row["measure"] == "home_gain_musd")
    assert gain.findall("td")[2].text == f"{expected:,.4g}"
