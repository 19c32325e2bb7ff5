"""Empty returns of links that a plan adds: a new line does not carry at less cost than an old one next to it.

The table ``empty_returns`` has factors on the charges of line-haul of the links of a pack. A link that only a
plan has gets, for each cargo type c and both directions, the mean of the links i of its mode that have one,

    ``φ_c = 1 + Σ_i L_i Σ_d (φ_idc − 1) / (2 Σ_i L_i)``,

with L their length and the direction d without a row at 1. Rows that the plan adds itself stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sogdia.case.editor import EditReason, TableEditor
from sogdia.codes import OPERATING

DIGITS = 3


def apply_empty_returns(editor: TableEditor) -> None:
    """Add the empty returns of the operating links that no pack has.

    Args:
        editor: Tables after the projects of the plan are opened.
    """
    pack, links = editor.region.pack, editor.frame("links")
    known = editor.frame("empty_returns")
    if pack is None or known.empty:
        return
    old = pack.table("links")
    is_new = ~links.index.isin(old.index) & (links["status"] == OPERATING) & ~links.index.isin(known["link"])
    for key, link in links[is_new].iterrows():
        peers = old.loc[old["mode"] == link["mode"], "length_km"]
        rows = known[known["link"].isin(peers.index)]
        words = f"as the mean of the {rows['link'].nunique()} {link['mode']} links that have empty returns"
        added = list(_rows(str(key), link, rows.assign(length_km=rows["link"].map(peers))))
        source = ";".join(sorted({name for cell in rows["source"] for name in str(cell).split(";")}))
        editor.add("empty_returns", added, EditReason(f"project {link['project']}", words, source))


def _rows(key: str, link: Any, rows: Any) -> Iterator[dict[str, Any]]:
    """Yield the rows of a link by cargo type and end, from those of other links with their lengths."""
    for cargo, own in rows.groupby("cargo", sort=True):
        lengths = own.drop_duplicates("link")["length_km"].sum()
        factor = 1.0 + float(((own["factor"] - 1.0) * own["length_km"]).sum() / (2.0 * lengths))
        for end in (link["from"], link["to"]):
            yield {"link": key, "to": end, "cargo": cargo, "factor": round(factor, DIGITS)}
