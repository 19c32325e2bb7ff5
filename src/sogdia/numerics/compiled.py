"""Options with which the kernels are compiled. Compiling takes most of the time of a first small assignment.

Wrappers that are never called are left out, and a function with a single caller is inlined instead of being
compiled and optimised twice, by itself and within its caller.
"""

from __future__ import annotations

from typing import Any

ENTRY: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
"""Options of functions called from Python."""
CALLEE: dict[str, Any] = {**ENTRY, "no_cpython_wrapper": True}
"""Options of functions called from other kernels only."""
INLINE: dict[str, Any] = {"inline": "always"}
"""Options of functions inlined into their callers."""
