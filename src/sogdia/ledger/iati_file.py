"""Parse a file of IATI activities: bounded, offline, and valid by the schema of version 2.03."""

from __future__ import annotations

import re
from bisect import bisect_right
from pathlib import Path
from typing import Any

from sogdia.errors import Fault, FaultsError, clip
from sogdia.files import read_bytes
from sogdia.ledger.iati_codes import READ_VERSIONS, VERSION, schema
from sogdia.ledger.patch import cell_text

MAX_BYTES = 64 * 2**20
_ELEMENT = r"Element '(?P<element>[^']*)'(?:, attribute '(?P<attribute>[^']*)')?"
_WRONG_VALUE = re.compile(
    _ELEMENT + r": '(?P<cell>.*)' is not a valid value of the \w+ type '(?P<type>.*)'\.", re.DOTALL
)
_MISSING = re.compile(_ELEMENT + r": The attribute '(?P<name>.*)' is required but missing\.")
_TYPES = {
    "xs:decimal": ("a number", "write digits with a decimal point and no thousands separator"),
    "xs:date": ("a date", "write year-month-day, such as 2024-05-31"),
    "xs:dateTime": ("a date and time", "write them as 2024-05-31T12:00:00Z"),
    "xs:boolean": ("true or false", "write true or false"),
    "xs:positiveInteger": ("a number of the kind 1, 2, 3", ""),
}
"""Types of XML Schema: words for them, and the suggested fix."""
_ROOT = "iati-activities"


def parse_activities(path: Path) -> Any:
    """Return the root element of a file of IATI activities.

    Entities are not expanded, and no network is used.

    Args:
        path: The XML file.

    Raises:
        FaultsError: If it is not XML, not a file of activities, of another version, or not valid; all errors
            of the schema, with line and identifier.
        CannotRunError: If the file cannot be read, or is larger than 64 MiB.
    """
    from lxml import etree

    data = read_bytes(path, MAX_BYTES)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or None
        raise FaultsError([Fault(path.name, line, None, f"not XML: {error.msg}", "", "iati")]) from error
    if root.getroottree().docinfo.doctype:
        problem = "a document type declaration: IATI has none, and entities are not expanded"
        raise FaultsError([Fault(path.name, 1, None, problem, "delete it", "iati")])
    faults = _version_faults(root, path.name) or _schema_faults(root, path.name)
    if faults:
        raise FaultsError(faults)
    return root


def identifier_of(element: Any) -> str:
    """Return the identifier of an activity, for messages and keys."""
    return cell_text(element.findtext("iati-identifier") or "", 80) or "without an identifier"


def _version_faults(root: Any, name: str) -> list[Fault]:
    """Return the error of a file that is not of activities, or of a version that is not read."""
    line = root.sourceline
    if root.tag != _ROOT:
        tag = str(root.tag).rpartition("}")[2]
        problem = f"its root element is {clip(tag)}; a file of IATI activities begins with {_ROOT}"
        inside = root.find(f".//{_ROOT}") is not None
        fix = f"save the element {_ROOT} in it as a file of its own" if inside else ""
        return [Fault(name, line, None, problem, fix, "iati")]
    version = root.get("version", "")
    if version in READ_VERSIONS:
        return []
    problem = f"IATI version {clip(version)} is not read" if version else "no IATI version is stated"
    fix = f"ask its publisher for version {VERSION}, or convert it"
    return [Fault(name, line, "version", problem, fix, "iati")]


def _schema_faults(root: Any, name: str) -> list[Fault]:
    """Return the violations of the schema, each at its activity."""
    validator = schema()
    if validator.validate(root):
        return []
    activities = root.findall("iati-activity")
    lines = [element.sourceline or 0 for element in activities]
    faults = []
    for error in validator.error_log:
        place = bisect_right(lines, error.line) - 1
        where = f"activity {identifier_of(activities[place])}" if place >= 0 else None
        faults.append(Fault(name, error.line, where, *_in_plain_words(error.message), "iati"))
    return faults


def _in_plain_words(message: str) -> tuple[str, str]:
    """Return problem and fix of an error of the schema; one that is not known keeps its words."""
    value = _WRONG_VALUE.fullmatch(message)
    if value is not None and value["type"] in _TYPES:
        words, fix = _TYPES[value["type"]]
        return f"{value['attribute'] or value['element']}: {clip(value['cell'])} is not {words}", fix
    missing = _MISSING.fullmatch(message)
    if missing is not None:
        return f"{missing['element']}: {missing['name']} is missing", f"add the attribute {missing['name']}"
    return message, ""
