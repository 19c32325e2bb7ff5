"""Mapping of the fields of a GIS network and its demand: a YAML file.

Cost is in hours: ``time · (1 + alpha · (v / capacity)^beta) + cost / value_of_time``, the last term by class.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sogdia.errors import Fault, FaultsError, InputError
from sogdia.model_errors import problem_of
from sogdia.tables.yaml_text import KeyPath, read_yaml
from sogdia.units import convert

FORWARD, BACKWARD, BOTH = "forward", "backward", "both"
DIRECTIONS = (FORWARD, BACKWARD, BOTH)


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Number(_Record):
    """A figure: the field that has it, or one value for all rows.

    Attributes:
        field: Name of the field.
        value: Value for all rows.
        unit: Symbol of the unit, of :data:`sogdia.units.UNITS`.
    """

    field: str | None = None
    value: float | None = None
    unit: str = "1"

    @model_validator(mode="after")
    def _is_one(self) -> Number:
        if (self.field is None) == (self.value is None):
            raise ValueError("expected either a field or a value")
        return self


class Label(_Record):
    """A text: the field that has it, or one value for all rows."""

    field: str | None = None
    value: str | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Label:
        if (self.field is None) == (self.value is None):
            raise ValueError("expected either a field or a value")
        return self


class Direction(_Record):
    """Open directions of links: one for all, or a field whose contents are listed.

    Attributes:
        field: Name of the field; ``None`` if all links have one direction.
        value: ``forward`` (from start to end), ``backward`` or ``both``, for all links.
        forward: Contents of the field for links open from start to end.
        backward: Contents for links open from end to start.
        both: Contents for links open in both directions.
    """

    field: str | None = None
    value: Literal["forward", "backward", "both"] | None = None
    forward: tuple[str, ...] = ()
    backward: tuple[str, ...] = ()
    both: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_one(self) -> Direction:
        if (self.field is None) == (self.value is None):
            raise ValueError("expected either a field or a value")
        listed = [*self.forward, *self.backward, *self.both]
        if len(set(listed)) < len(listed):
            raise ValueError("expected each content of the field once")
        return self


class Delay(_Record):
    """Delay function ``time · alpha · x^beta``, or conical with the steepness beta."""

    function: Literal["power", "conical"] = "power"
    alpha: Number
    beta: Number


class LinkFields(_Record):
    """Fields of links.

    Attributes:
        layer: Layer of the file; its only one by default.
        id: Field with the name of the link.
        start: Field with the node at its start (key ``from``); nodes come from line ends if not given.
        end: Field with the node at its end (key ``to``).
        mode: Mode.
        length: Length.
        time: Free-flow time; length over ``speed`` if not given.
        speed: Free-flow speed.
        capacity: Capacity of each direction.
        cost: Money cost of a unit of flow.
        direction: Open directions.
        delay: Delay function; none by default.
    """

    layer: str | None = None
    id: str
    start: Annotated[str | None, Field(alias="from")] = None
    end: Annotated[str | None, Field(alias="to")] = None
    mode: Label
    length: Number
    time: Number | None = None
    speed: Number | None = None
    capacity: Number | None = None
    cost: Number | None = None
    direction: Direction
    delay: Delay | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> LinkFields:
        if (self.start is None) != (self.end is None):
            raise ValueError("expected both from and to, or neither")
        if (self.time is None) == (self.speed is None):
            raise ValueError("expected either time or speed")
        if (self.delay is None) != (self.capacity is None):
            raise ValueError("expected both delay and capacity, or neither")
        return self


class NodeFields(_Record):
    """Fields of nodes, points: layer of the file and the field with the name."""

    layer: str | None = None
    id: str


class Transfer(_Record):
    """Transfer between two modes, in both directions, at each node where both meet, or at one ``node``."""

    modes: tuple[str, str]
    hours: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    cost: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    node: str | None = None


class UserClass(_Record):
    """User class: value of time in ``units.money`` an hour, and the modes it may use (all by default)."""

    value_of_time: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    modes: tuple[str, ...] | None = None


class Units(_Record):
    """Units of results: flow, as ``t/a`` or ``1``, and money for a unit of flow, as ``USD/t``."""

    flow: str
    money: str = "1"


class DemandFields(_Record):
    """Columns of the demand.

    Attributes:
        layout: ``long`` (a row for each pair and class) or ``square`` (a sheet for each class, origins in
            the first column and destinations in the first row).
        sheet: Sheet of a long table; the only one by default.
        origin: Column with the origin.
        destination: Column with the destination.
        user_class: Column with the class (key ``class``); class ``all`` if not given.
        flow: Column with the flow.
        unit: Unit of the flow.
    """

    layout: Literal["long", "square"] = "long"
    sheet: str = "demand"
    origin: str = "origin"
    destination: str = "destination"
    user_class: Annotated[str | None, Field(alias="class")] = None
    flow: str = "flow"
    unit: str


class Mapping(_Record):
    """Content of a mapping file.

    Attributes:
        crs: Coordinate system of layers that state none.
        snap_m: Tolerance, in metres, within which line ends are one node.
        units: Units of results.
        links: Fields of links.
        nodes: Fields of nodes.
        transfers: Transfers between modes.
        classes: User classes; if none is given, every class may use every mode.
        demand: Columns of the demand.
    """

    crs: str | None = None
    snap_m: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    units: Units
    links: LinkFields
    nodes: NodeFields | None = None
    transfers: tuple[Transfer, ...] = ()
    classes: dict[str, UserClass] = {}
    demand: DemandFields

    @model_validator(mode="after")
    def _has_value_of_time(self) -> Mapping:
        has_cost = self.links.cost is not None or any(transfer.cost for transfer in self.transfers)
        unvalued = [
            name for name, each in self.classes.items() if "value_of_time" not in each.model_fields_set
        ]
        if has_cost and (unvalued or not self.classes):
            names = ", ".join(unvalued) or "each class"
            raise ValueError(f"a cost in money needs classes with a value_of_time; missing for {names}")
        return self

    def quantities(self) -> dict[str, tuple[Number, str]]:
        """Return the figures of links that have a unit, with the unit that results need."""
        links = self.links
        every = {
            "length": (links.length, "km"), "time": (links.time, "h"), "speed": (links.speed, "km/h"),
            "capacity": (links.capacity, self.units.flow), "cost": (links.cost, self.units.money),
        }  # fmt: skip
        return {name: (number, unit) for name, (number, unit) in every.items() if number is not None}


def load_mapping(path: Path | str) -> Mapping:
    """Load a mapping file.

    Raises:
        CannotRunError: If it cannot be read.
        FaultsError: If it is not YAML, or has errors; all are listed with their key.
    """
    file = Path(path)
    content, lines = read_yaml(file, file.name)
    try:
        mapping = Mapping.model_validate(content)
    except ValidationError as error:
        raise FaultsError([_fault(file.name, item, lines) for item in error.errors()]) from error
    faults = []
    units = {
        f"links.{name}.unit": (number.unit, unit) for name, (number, unit) in mapping.quantities().items()
    }
    for key, (unit, target) in {**units, "demand.unit": (mapping.demand.unit, mapping.units.flow)}.items():
        try:
            convert(1.0, unit, target)
        except InputError as error:
            line = _line_of(tuple(key.split(".")), lines)
            faults.append(Fault(file.name, line, key, str(error), "", "unit"))
    if faults:
        raise FaultsError(faults)
    return mapping


def _fault(file: str, item: Any, lines: dict[KeyPath, int]) -> Fault:
    at = item["loc"]
    return Fault(file, _line_of(at, lines), ".".join(map(str, at)) or None, problem_of(item), "", "mapping")


def _line_of(at: KeyPath, lines: dict[KeyPath, int]) -> int | None:
    """Return the line of a key, or of the nearest above it that the file has; ``None`` for the file."""
    return next((lines[at[:length]] for length in range(len(at), 0, -1) if at[:length] in lines), None)
