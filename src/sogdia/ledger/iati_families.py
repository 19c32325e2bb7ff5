"""Count the money of related IATI activities once.

A parent and its children report the same money, whether the parent names its children or a child its parent.
So do an activity and the ones that its funds pass on to (``provider-activity-id``). Of a family the level
with more money counts: the children, if they add up to the parent's money, else the parent. The other rows
stay in the ledger with a role that never counts. Another organisation's report on the same activity repeats
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from typing import Any

from sogdia.ledger.accounts import AGGREGATE, PART, REPEAT
from sogdia.ledger.iati_codes import RELATED_CHILD, RELATED_PARENT, RELATED_THIRD_PARTY

CHILDREN_SHARE = 0.99
"""Share of a parent's money from which its children hold it."""
Row = dict[str, str]


@dataclass
class Activity:
    """An activity with the rows that it becomes.

    Attributes:
        key: Its identifier.
        musd: Its money in the region, million dollars; 0 if not published.
        rows: Its rows.
        ledger_row: Row that the ledger has of it already; empty if it is new.
        above: Identifiers of the activities whose money it repeats.
        below: Identifiers of the activities that repeat its money.
        same: Identifiers of reports of other organisations on it.
    """

    key: str
    musd: float = 0.0
    rows: list[Row] = field(default_factory=list)
    ledger_row: str = ""
    above: frozenset[str] = frozenset()
    below: frozenset[str] = frozenset()
    same: frozenset[str] = frozenset()


def related_activity(element: Any, key: str) -> Activity:
    """Return an activity with the identifiers of those above it, below it and the same as it.

    Args:
        element: The activity.
        key: Its identifier, for messages.
    """
    refs: dict[str, set[str]] = {RELATED_PARENT: set(), RELATED_CHILD: set(), RELATED_THIRD_PARTY: set()}
    for item in element.findall("related-activity"):
        refs.setdefault(item.get("type", ""), set()).add(item.get("ref", ""))
    providers = {item.get("provider-activity-id", "") for item in element.findall("transaction/provider-org")}
    receivers = {item.get("receiver-activity-id", "") for item in element.findall("transaction/receiver-org")}
    own = {"", (element.findtext("iati-identifier") or "").strip()}
    return Activity(
        key,
        above=frozenset((refs[RELATED_PARENT] | providers) - own),
        below=frozenset((refs[RELATED_CHILD] | receivers) - own),
        same=frozenset(refs[RELATED_THIRD_PARTY] - own),
    )


def assign_roles(activities: Sequence[Activity]) -> Iterator[tuple[str, str]]:
    """Give the rows of related activities a role that counts their money once.

    Args:
        activities: The activities; the roles and notes of their rows are changed.

    Yields:
        Identifier and remark of each activity whose role changed.

    Raises:
        graphlib.CycleError: If activities are above one another; its second argument lists identifiers.
    """
    by_key = {item.key: item for item in activities}
    yield from _repeats(activities, by_key)
    parents = _parents(activities, by_key)
    groups = _groups(by_key, parents)
    below: dict[str, set[str]] = {}
    for child, above in parents.items():
        for parent in above:
            if groups[parent] != groups[child]:
                below.setdefault(groups[parent], set()).add(groups[child])
    members: dict[str, list[Activity]] = {}
    for item in activities:
        members.setdefault(groups[item.key], []).append(item)
    order = list(TopologicalSorter(below).static_order())
    values = _values(order, below, members)
    yield from _roles(order, below, members, values)


def _repeats(activities: Sequence[Activity], by_key: Mapping[str, Activity]) -> Iterator[tuple[str, str]]:
    """Mark the later of two reports on the same activity."""
    places = {item.key: place for place, item in enumerate(activities)}
    links = {
        (min(places[item.key], places[other]), max(places[item.key], places[other]))
        for item in activities
        for other in item.same
        if other in by_key
    }
    for first, second in sorted(links):
        original, repeat = activities[first], activities[second]
        row = original.ledger_row.split(";")[0] or (original.rows[0]["id"] if original.rows else "")
        if row and repeat.rows and repeat.rows[0]["role"] != REPEAT:
            _set_role(repeat, REPEAT, f"same deal as {row}")
            repeat.musd = 0.0
            yield repeat.key, "another organisation's report on an activity of the file; not counted again"


def _parents(activities: Sequence[Activity], by_key: Mapping[str, Activity]) -> dict[str, tuple[str, ...]]:
    """Return the parents of each activity that are in the file, without the parents of its parents."""
    found: dict[str, set[str]] = {}
    for item in activities:
        found.setdefault(item.key, set()).update(key for key in item.above if key in by_key)
        for child in item.below:
            if child in by_key:
                found.setdefault(child, set()).add(item.key)
    direct = {}
    for key, above in found.items():
        higher = {item for parent in above for item in _ancestors(parent, found)} if len(above) > 1 else set()
        direct[key] = tuple(sorted((above - higher) or above))
    return direct


def _ancestors(key: str, parents: Mapping[str, Iterable[str]]) -> set[str]:
    found: set[str] = set()
    rest = list(parents.get(key, ()))
    while rest:
        current = rest.pop()
        if current not in found:
            found.add(current)
            rest.extend(parents.get(current, ()))
    return found - {key}


def _groups(by_key: Mapping[str, Activity], parents: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the group of each activity: parents with a common child are compared with it together."""
    head = {key: key for key in by_key}

    def find(key: str) -> str:
        while head[key] != key:
            head[key] = head[head[key]]
            key = head[key]
        return key

    for above in parents.values():
        for other in above[1:]:
            head[find(other)] = find(above[0])
    return {key: find(key) for key in by_key}


def _values(
    order: Sequence[str], below: Mapping[str, set[str]], members: Mapping[str, Sequence[Activity]]
) -> dict[str, float]:
    """Return the money of each group with the activities below it, each counted once."""
    values: dict[str, float] = {}
    for group in order:  # Children come first.
        own = sum(item.musd for item in members[group])
        values[group] = max(own, sum(values[child] for child in below.get(group, ())))
    return values


def _roles(
    order: Sequence[str],
    below: Mapping[str, set[str]],
    members: Mapping[str, Sequence[Activity]],
    values: Mapping[str, float],
) -> Iterator[tuple[str, str]]:
    inside: dict[str, str] = {}
    for group in reversed(order):
        children = below.get(group, ())
        rows = [row for item in members[group] for row in item.rows]
        known = next((item.ledger_row.split(";")[0] for item in members[group] if item.ledger_row), "")
        if group in inside:
            for item in members[group]:
                if item.rows:
                    _set_role(item, PART, f"within {inside[group]}")
                    yield item.key, "part of an activity of the file; not counted again"
            inside |= dict.fromkeys(children, inside[group])
            continue
        if not children:
            continue
        own = sum(item.musd for item in members[group])
        held = sum(values[child] for child in children)
        is_below = any(item.ledger_row for item in _descendants(group, below, members))
        if known or (rows and not is_below and own > 0 and held < CHILDREN_SHARE * own):
            inside |= dict.fromkeys(children, known or rows[0]["id"])
            continue
        for item in members[group]:
            if item.rows:
                _set_role(item, AGGREGATE, "the activities below it count")
                yield item.key, "its money is that of the activities below it, which count"


def _descendants(
    group: str, below: Mapping[str, set[str]], members: Mapping[str, Sequence[Activity]]
) -> Iterator[Activity]:
    rest, seen = list(below.get(group, ())), set()
    while rest:
        current = rest.pop()
        if current not in seen:
            seen.add(current)
            yield from members[current]
            rest.extend(below.get(current, ()))


def _set_role(activity: Activity, role: str, link: str) -> None:
    for row in activity.rows:
        row["role"] = role
        row["note"] = f"{row['note']}; role: {link}"
