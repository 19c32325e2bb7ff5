"""Rows of the network that a selection or a restriction applies to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case.editor import Mask, TableEditor
from sogdia.case.shocks import Selection

NETWORK = ("links", "crossings", "transfers")


def select_network(editor: TableEditor, selection: Selection) -> Mapping[str, Mask]:
    """Select rows of ``links``, ``crossings`` and ``transfers``.

    A transfer has no corridor, border or link, so a selection by one of these selects no transfer; a
    crossing has no corridor or link.

    Returns:
        Mask of the rows, (rows,), by table.
    """
    frames = {name: editor.frame(name) for name in NETWORK}
    masks = {name: np.ones(len(frame), dtype=bool) for name, frame in frames.items()}
    links, crossings, transfers = (frames[name] for name in NETWORK)
    country = editor.frame("places")["iso3"]
    kind = editor.frame("places")["kind"]
    if selection.places:
        masks["links"] &= _any_in(links, ("from", "to"), selection.places)
        masks["crossings"] &= _any_in(crossings, ("place",), selection.places)
        masks["transfers"] &= _any_in(transfers, ("place",), selection.places)
    if selection.place_kinds:
        masks["links"] &= _in(_attribute_of(links["from"], kind), selection.place_kinds) & _in(
            _attribute_of(links["to"], kind), selection.place_kinds
        )
        masks["crossings"] &= _in(_attribute_of(crossings["place"], kind), selection.place_kinds)
        masks["transfers"] &= _in(_attribute_of(transfers["place"], kind), selection.place_kinds)
    if selection.territories:
        requested = selection.territories
        masks["links"] &= _in(_attribute_of(links["from"], country), requested) | _in(
            _attribute_of(links["to"], country), requested
        )
        masks["crossings"] &= _any_in(crossings, ("from_iso3", "to_iso3"), requested)
        masks["transfers"] &= _in(_attribute_of(transfers["place"], country), requested)
    if selection.borders:
        masks["links"] &= _on_border(
            _attribute_of(links["from"], country), _attribute_of(links["to"], country), selection.borders
        )
        masks["crossings"] &= _on_border(crossings["from_iso3"], crossings["to_iso3"], selection.borders)
        masks["transfers"][:] = False
    if selection.modes:
        masks["links"] &= _any_in(links, ("mode",), selection.modes)
        masks["crossings"] &= _any_in(crossings, ("mode",), selection.modes)
        masks["transfers"] &= _any_in(transfers, ("from_mode", "to_mode"), selection.modes)
    if selection.links or selection.corridors:
        if selection.links:
            masks["links"] &= _in(pd.Series(links.index), selection.links)
        if selection.corridors:
            masks["links"] &= _any_in(links, ("corridor",), selection.corridors)
        masks["crossings"][:] = False
        masks["transfers"][:] = False
    return masks


def select_pipelines(editor: TableEditor, selection: Selection) -> Mask:
    """Select pipelines by territory or border passed, place at an end, or kind of place at both ends.

    Pipelines have no mode, link or corridor, so a selection by these alone selects none.
    """
    frame = editor.frame("pipelines")
    kind = editor.frame("places")["kind"]
    passed = [cell.split(";") for cell in frame["via_iso3"]]
    mask = np.full(
        len(frame),
        bool(selection.territories or selection.borders or selection.places or selection.place_kinds),
    )
    if selection.territories:
        mask &= np.array([bool(set(selection.territories) & set(codes)) for codes in passed], dtype=bool)
    if selection.borders:
        pairs = {tuple(sorted(border.split("/"))) for border in selection.borders}
        crossed = [{tuple(sorted(pair)) for pair in pairwise(codes)} for codes in passed]
        mask &= np.array([bool(pairs & here) for here in crossed], dtype=bool)
    if selection.places:
        mask &= _any_in(frame, ("from", "to"), selection.places)
    if selection.place_kinds:
        mask &= _in(_attribute_of(frame["from"], kind), selection.place_kinds) & _in(
            _attribute_of(frame["to"], kind), selection.place_kinds
        )
    return mask


def select_interconnectors(editor: TableEditor, selection: Selection) -> Mask:
    """Select interconnectors by territory or border; they have no place."""
    frame = editor.frame("interconnectors")
    mask = np.full(len(frame), bool(selection.territories or selection.borders))
    if selection.territories:
        mask &= _any_in(frame, ("from_iso3", "to_iso3"), selection.territories)
    if selection.borders:
        mask &= _on_border(frame["from_iso3"], frame["to_iso3"], selection.borders)
    return mask


def _attribute_of(places: pd.Series[str], attribute: pd.Series[str]) -> pd.Series[str]:
    return attribute.reindex(places)


def _in(column: pd.Series[str], requested: Iterable[str]) -> Mask:
    return np.asarray(column.isin(list(requested)).to_numpy(dtype=bool))


def _any_in(frame: pd.DataFrame, columns: tuple[str, ...], requested: Iterable[str]) -> Mask:
    result: npt.NDArray[np.bool_] = np.zeros(len(frame), dtype=bool)
    for column in columns:
        result |= _in(frame[column], requested)
    return result


def _on_border(first: pd.Series[str], second: pd.Series[str], borders: Iterable[str]) -> Mask:
    pairs = {tuple(sorted(border.split("/"))) for border in borders}
    ends = zip(first, second, strict=True)
    return np.array([tuple(sorted((str(a), str(b)))) in pairs for a, b in ends], dtype=bool)
