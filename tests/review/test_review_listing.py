"""The list of sessions: date, people, length, contents and status."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from rich.console import Console, RenderableType

from coach.core.span import as_samples
from coach.review import sessions_table
from coach.sessions import StoredSession


def session(number: int, ended: str | None, seconds: float, *, keep: str = "stats", who: str = "Ana") -> StoredSession:
    began = datetime(2024, 5, 3, 14, 20, tzinfo=UTC)
    return StoredSession(
        id=number, people=(who, "Ben"), keep=keep, started=began, ended=ended, last=as_samples(seconds)
    )


def lines(table: RenderableType) -> list[str]:
    text = io.StringIO()
    Console(file=text, width=80).print(table)
    assert all(len(line) <= 80 for line in text.getvalue().splitlines())
    return [" ".join(line.split()) for line in text.getvalue().splitlines()]


def test_each_session_is_a_line_that_says_how_long_it_was_and_how_it_ended():
    stored = [session(1, "stopped", 3787), session(2, None, 61), session(3, None, 5)]
    assert lines(sessions_table(stored, running={3}))[1:] == [
        "1 2024-05-03 14:20 Ana and Ben 1:03:07 stats stopped",
        "2 2024-05-03 14:20 Ana and Ben 1:01 stats cut off",
        "3 2024-05-03 14:20 Ana and Ben 0:05 stats running",
    ]


def test_the_size_of_kept_sound_is_shown():
    (line,) = lines(sessions_table([session(1, "stopped", 60, keep="audio")], sound={1: 2_400_000}))[1:]
    assert "audio, 2.4 MB" in line


def test_names_that_look_like_markup_are_shown_as_they_are():
    assert "[red]Al and Ben" in lines(sessions_table([session(1, "stopped", 60, who="[red]Al")]))[1]


def test_an_empty_list_says_how_to_make_the_first_session():
    assert "coach listen" in lines(sessions_table([]))[0]
