"""``python -m sogdia``."""

from sogdia.cli import main

main()
