"""`coach afterwards`: one person's private answers to four questions about a session, and a note."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from difflib import get_close_matches
from shlex import quote

import click
from rich.text import Text

from coach.cli.console import Console
from coach.cli.saying import say
from coach.core.errors import BadInput, BadSetting
from coach.core.names import called_so, one_line
from coach.core.settings import data_folder
from coach.review import Questions, listed
from coach.sessions import DATABASE_FILE, Noted, Store, StoredSession, note_afterwards, noted_afterwards


@click.command()
@click.argument("session", type=int, required=False)
@click.option("--who", metavar="Ana", help="Who you are.")
@click.option("--plain", is_flag=True, help="Ask line by line, without a screen that is cleared at the end.")
def afterwards(session: int | None, who: str | None, plain: bool) -> None:
    """Note how a session was for you: four lines and a note.

    SESSION is its number; by default it is the latest session. You may leave out any line. Your notes are for you
    alone: they stay on this machine, only `coach review --for` with your name shows them, and they are deleted with
    the session. Anyone who can read your files can read them.
    """
    console = Console(stderr=True)
    with Store(data_folder() / DATABASE_FILE) as store:
        found = store.session(session)
        person = one_of(found, who, "--who")
        try:
            with _apart(console, not plain):
                _greet(console, found, person, again=noted_afterwards(store, found.id, person) is not None)
                steps, note = _asked(console, Questions.load())
        except (KeyboardInterrupt, click.Abort):
            say("nothing was kept")
            raise
        if not steps and not note:
            say("you left out every line, so nothing was kept")
            return
        note_afterwards(store, found.id, Noted(person, datetime.now().astimezone(), steps, note))
    say(
        f"kept for {person} alone; `coach review {found.id} --for {quote(person)}` shows it, "
        f"`coach forget {found.id}` deletes it with the session"
    )


def one_of(session: StoredSession, who: str | None, option: str) -> str:
    """The name of `who` in the session. Raises BadSetting if nobody, or nobody in particular, is meant."""
    if who is None and len(session.people) == 1:
        return session.people[0]
    if who is not None and (named := called_so(who, session.people)):
        return named
    nearest = get_close_matches(who or "", session.people, 1, 0.0)
    if who is not None and nearest:
        raise BadSetting(f"nobody in session {session.id} is called {who}; did you mean {option} {nearest[0]}?")
    raise BadSetting(
        f"session {session.id} was with {listed(session.people) or 'nobody'}; say who you are with {option} NAME"
    )


@contextmanager
def _apart(console: Console, wanted: bool) -> Iterator[None]:
    """Uses the terminal's alternate screen if it has one, so that the answers do not stay in the scrollback."""
    shown = wanted and sys.stdin.isatty() and console.set_alt_screen(True)
    try:
        yield
    finally:
        if shown:
            console.set_alt_screen(False)


def _greet(console: Console, session: StoredSession, who: str, *, again: bool) -> None:
    console.print(Text(f"{who}, for you alone: how was it? Press Enter to leave out a line, Ctrl-C to keep nothing."))
    console.print(Text(f"Session {session.id}, {session.started:%Y-%m-%d %H:%M}.", style="dim"))
    if again:
        console.print(Text("You have noted something about it before; your new answers replace it.", style="dim"))


def _asked(console: Console, questions: Questions) -> tuple[dict[str, int], str]:
    """The answers by question, and the note. Input that ends early leaves out the remaining questions."""
    scale = "   ".join(f"{number} {step}" for number, step in enumerate(questions.steps, 1))
    steps: dict[str, int] = {}
    for name, line in questions.lines.items():
        console.print(Text(f"\n{line}"))
        console.print(Text(scale, style="dim"))
        step = _step(console, questions)
        if step is not None:
            steps[name] = step
    console.print(Text(f"\n{questions.note}"))
    return steps, one_line(_typed(console))


def _step(console: Console, questions: Questions) -> int | None:
    """Asks a person again after a bad answer. Raises BadInput when the input is a pipe."""
    while True:
        try:
            return questions.step(_typed(console))
        except BadInput as error:
            if not sys.stdin.isatty():
                raise
            console.print(Text(str(error), style="dim"))


def _typed(console: Console) -> str:
    console.print(Text("> "), end="")
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError as error:
        raise BadInput("the input is not UTF-8 text, so nothing was kept") from error
    if not line.endswith("\n"):
        console.print()  # the input ended without a newline, so the cursor is still on the prompt's line
    return line
