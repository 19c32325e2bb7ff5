"""The command line: a thin door to the library.

Exit codes: 0 all well; 1 the user's input has faults; 2 the command could not run.
"""

from sogdia.cli.main import main

__all__ = ["main"]
