"""The command line: one thin module per command. `main` is the console script `coach`."""

from coach.cli.main import main

__all__ = ["main"]
