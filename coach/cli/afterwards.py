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
from coach.sessions import (
    DATABASE_FILE,
    SHORTEST_PASSPHRASE,
    Noted,
    Store,
    StoredSession,
    note_afterwards,
    noted_afterwards,
)


@click.command()
@click.argument("session", type=int, required=False)
@click.option("--who", metavar="Ana", help="Who you are.")
@click.option("--plain", is_flag=True, help="Ask line by line, without a screen that is cleared at the end.")
def afterwards(session: int | None, who: str | None, plain: bool) -> None:
    """Note how a session was for you: four lines and a note.

    SESSION is its number; by default it is the latest session. You may leave out any line. Your notes are for you
    alone: they stay on this machine, they open only with a passphrase of yours, in `coach review --for`, and they are
    deleted with the session. If you forget the passphrase, nobody can open them.
    """
    console = Console(stderr=True)
    with Store(data_folder() / DATABASE_FILE) as store:
        found = store.session(session)
        person = one_of(found, who, "--who")
        try:
            with _apart(console, not plain):
                earlier, passphrase = _earlier(store, found, person)
                _greet(console, found, person, again=earlier)
                steps, note = _asked(console, Questions.load())
                if (steps or note) and passphrase is None:
                    passphrase = _new_passphrase(console)
        except (KeyboardInterrupt, click.Abort):
            say("nothing was kept")
            raise
        if not steps and not note:
            say("you left out every line, so nothing was kept")
            return
        note_afterwards(store, found.id, Noted(person, datetime.now().astimezone(), steps, note), passphrase)
    say(
        f"kept for {person} alone, closed with your passphrase; `coach review {found.id} --for {quote(person)}` "
        f"opens it, `coach forget {found.id}` deletes it with the session"
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


def _earlier(store: Store, session: StoredSession, who: str) -> tuple[bool, str | None]:
    """Whether `who` has noted something before, and the passphrase that opens it: only they may replace it."""
    given: list[str] = []

    def asked() -> str:
        given.append(asked_passphrase(f"{who}, your passphrase: you have noted something before"))
        return given[0]

    noted = noted_afterwards(store, session.id, who, asked)
    return noted is not None, given[0] if given else None


def asked_passphrase(text: str) -> str:
    """A passphrase, unseen on a terminal; from a pipe, its next line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    typed: str = click.prompt(text, hide_input=True, err=True, default="", show_default=False)
    return typed


def _new_passphrase(console: Console) -> str:
    """A new one, typed twice on a terminal. Raises BadInput when that of a pipe is too short."""
    ask = f"\nA passphrase that only you know, of {SHORTEST_PASSPHRASE} characters or more."
    console.print(Text(f"{ask} Nothing opens your notes without it.", style="dim"))
    while True:
        typed = asked_passphrase("Passphrase")
        if len(typed) < SHORTEST_PASSPHRASE:
            wrong = f"that passphrase has fewer than {SHORTEST_PASSPHRASE} characters"
        elif sys.stdin.isatty() and asked_passphrase("The same once more") != typed:
            wrong = "the two were not the same"
        else:
            return typed
        if not sys.stdin.isatty():
            raise BadInput(f"{wrong}, so nothing was kept")
        console.print(Text(wrong, style="dim"))


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
