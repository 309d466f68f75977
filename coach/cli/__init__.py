"""The command line: one module a command, each thin. `main` is the console script `coach`."""

from coach.cli.main import main

__all__ = ["main"]
