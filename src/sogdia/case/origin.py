"""File and lines that a scenario was read from, for the messages of errors found after the reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, eq=False)
class Origin:
    """File of a scenario, and the lines of its parts.

    Any two origins are equal: a scenario read from a file equals the same one made in a program.

    Attributes:
        file: Name of the file for messages; empty if a program made the scenario.
        projects: Lines of projects, by name.
        shocks: Lines of shocks, by digest, so that they hold for a scenario with some of them.
    """

    file: str = ""
    projects: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    shocks: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Origin)

    def __hash__(self) -> int:
        return hash(Origin)

    def __reduce__(self) -> tuple[object, ...]:
        return Origin, (self.file, dict(self.projects), dict(self.shocks))
