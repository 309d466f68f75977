"""`coach --help` and the groups' help: every summary fits on its line."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from coach.cli.main import COMMANDS, coach

WIDTH = 80  # columns of a standard terminal


def help_of(*group: str) -> list[str]:
    done = CliRunner().invoke(coach, [*group, "--help"], env={"COLUMNS": str(WIDTH)})
    assert done.exit_code == 0, done.output
    return done.output.splitlines()


def summaries(lines: list[str]) -> dict[str, str]:
    """The name and the summary of each command in the help."""
    listed = lines[lines.index("Commands:") + 1 :]
    return {name: summary for name, _, summary in (line.strip().partition(" ") for line in listed)}


def test_every_command_is_listed_with_a_summary():
    found = summaries(help_of())
    assert list(found) == list(COMMANDS)
    assert all(found.values())


@pytest.mark.parametrize("group", [(), ("cues",), ("setup",)], ids=lambda group: " ".join(("coach", *group)))
def test_no_summary_is_cut_off(group):
    lines = help_of(*group)
    assert max(map(len, lines)) <= WIDTH
    cut_off = [name for name, summary in summaries(lines).items() if summary.endswith("...") or "…" in summary]
    assert not cut_off
