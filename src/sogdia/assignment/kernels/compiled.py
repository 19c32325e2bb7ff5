"""How kernels are compiled. Compiling is most of the time of a first small assignment.

Wrappers that nothing calls are left out, and a function with a single caller is written into it instead
of being compiled and optimised twice, by itself and within its caller.
"""

from __future__ import annotations

from typing import Any

DOOR: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
"""Called from Python."""
INNER: dict[str, Any] = {**DOOR, "no_cpython_wrapper": True}
"""Called from other kernels only."""
WITHIN: dict[str, Any] = {"inline": "always"}
"""Written into its caller."""
