"""Which rows of the network a selection or a restriction names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case.shocks import Selection
from sogdia.case.workbench import Mask, TableEditor

NETWORK = ("links", "crossings", "transfers")


def selected(bench: TableEditor, choice: Selection) -> Mapping[str, Mask]:
    """Rows of ``links``, ``crossings`` and ``transfers`` that a selection chooses.

    A transfer has no corridor, border or link of its own, so a selection by one of these chooses no
    transfer; a crossing has no corridor or link.
    """
    frames = {name: bench.frame(name) for name in NETWORK}
    masks = {name: np.ones(len(frame), dtype=bool) for name, frame in frames.items()}
    links, crossings, transfers = (frames[name] for name in NETWORK)
    country = bench.frame("places")["iso3"]
    kind = bench.frame("places")["kind"]
    if choice.places:
        masks["links"] &= _any_in(links, ("from", "to"), choice.places)
        masks["crossings"] &= _any_in(crossings, ("place",), choice.places)
        masks["transfers"] &= _any_in(transfers, ("place",), choice.places)
    if choice.place_kinds:
        masks["links"] &= _in(_of(links["from"], kind), choice.place_kinds) & _in(
            _of(links["to"], kind), choice.place_kinds
        )
        masks["crossings"] &= _in(_of(crossings["place"], kind), choice.place_kinds)
        masks["transfers"] &= _in(_of(transfers["place"], kind), choice.place_kinds)
    if choice.territories:
        wanted = choice.territories
        masks["links"] &= _in(_of(links["from"], country), wanted) | _in(_of(links["to"], country), wanted)
        masks["crossings"] &= _any_in(crossings, ("from_iso3", "to_iso3"), wanted)
        masks["transfers"] &= _in(_of(transfers["place"], country), wanted)
    if choice.borders:
        masks["links"] &= _on_border(_of(links["from"], country), _of(links["to"], country), choice.borders)
        masks["crossings"] &= _on_border(crossings["from_iso3"], crossings["to_iso3"], choice.borders)
        masks["transfers"][:] = False
    if choice.modes:
        masks["links"] &= _any_in(links, ("mode",), choice.modes)
        masks["crossings"] &= _any_in(crossings, ("mode",), choice.modes)
        masks["transfers"] &= _any_in(transfers, ("from_mode", "to_mode"), choice.modes)
    if choice.links or choice.corridors:
        if choice.links:
            masks["links"] &= _in(pd.Series(links.index), choice.links)
        if choice.corridors:
            masks["links"] &= _any_in(links, ("corridor",), choice.corridors)
        masks["crossings"][:] = False
        masks["transfers"][:] = False
    return masks


def selected_pipelines(bench: TableEditor, choice: Selection) -> Mask:
    """Pipelines that a selection chooses: by territory or border passed, place at an end, kind of both ends.

    A selection by mode, link or corridor chooses none on that account: they have neither.
    """
    frame = bench.frame("pipelines")
    kind = bench.frame("places")["kind"]
    passed = [cell.split(";") for cell in frame["via_iso3"]]
    mask = np.full(
        len(frame), bool(choice.territories or choice.borders or choice.places or choice.place_kinds)
    )
    if choice.territories:
        mask &= np.array([bool(set(choice.territories) & set(codes)) for codes in passed], dtype=bool)
    if choice.borders:
        pairs = {tuple(sorted(border.split("/"))) for border in choice.borders}
        crossed = [{tuple(sorted(pair)) for pair in pairwise(codes)} for codes in passed]
        mask &= np.array([bool(pairs & here) for here in crossed], dtype=bool)
    if choice.places:
        mask &= _any_in(frame, ("from", "to"), choice.places)
    if choice.place_kinds:
        mask &= _in(_of(frame["from"], kind), choice.place_kinds) & _in(
            _of(frame["to"], kind), choice.place_kinds
        )
    return mask


def selected_cables(bench: TableEditor, choice: Selection) -> Mask:
    """Interconnectors that a selection chooses, by territory or border; they touch no place."""
    frame = bench.frame("interconnectors")
    mask = np.full(len(frame), bool(choice.territories or choice.borders))
    if choice.territories:
        mask &= _any_in(frame, ("from_iso3", "to_iso3"), choice.territories)
    if choice.borders:
        mask &= _on_border(frame["from_iso3"], frame["to_iso3"], choice.borders)
    return mask


def _of(places: pd.Series[str], attribute: pd.Series[str]) -> pd.Series[str]:
    return attribute.reindex(places)


def _in(column: pd.Series[str], wanted: Iterable[str]) -> Mask:
    return np.asarray(column.isin(list(wanted)).to_numpy(dtype=bool))


def _any_in(frame: pd.DataFrame, columns: tuple[str, ...], wanted: Iterable[str]) -> Mask:
    result: npt.NDArray[np.bool_] = np.zeros(len(frame), dtype=bool)
    for column in columns:
        result |= _in(frame[column], wanted)
    return result


def _on_border(first: pd.Series[str], second: pd.Series[str], borders: Iterable[str]) -> Mask:
    pairs = {tuple(sorted(border.split("/"))) for border in borders}
    ends = zip(first, second, strict=True)
    return np.array([tuple(sorted((str(a), str(b)))) in pairs for a, b in ends], dtype=bool)
