"""`coach relabel`: put right who spoke in a session."""

from __future__ import annotations

from datetime import datetime

import click

from coach.cli.saying import say
from coach.core.errors import BadSetting
from coach.core.names import composed
from coach.core.settings import data_folder
from coach.core.span import Span
from coach.core.texts import texts
from coach.core.times import parsed_times
from coach.review import date, listed, put_right_told
from coach.sessions import (
    DATABASE_FILE,
    Relabelled,
    Relabelling,
    Store,
    relabellings,
    undo_relabelling,
)
from coach.sessions import (
    relabel as put_right,
)


@click.command()
@click.argument("session", type=int)
@click.option("--rename", multiple=True, metavar="A=Ana", help="A is called Ana; several with commas.")
@click.option("--merge", multiple=True, metavar="Ana,C", help="C is Ana, too; ? is the voices nobody was found for.")
@click.option(
    "--swap",
    multiple=True,
    metavar="12:30-14:00",
    help="The two were taken for each other then; of three or more, 12:30-14:00=Ana,Ben.",
)
@click.option("--give", multiple=True, metavar="12:30-14:00=Ana", help="All that was said then is Ana's.")
@click.option("--undo", is_flag=True, help="Take the last change back.")
def relabel(
    session: int,
    rename: tuple[str, ...],
    merge: tuple[str, ...],
    swap: tuple[str, ...],
    give: tuple[str, ...],
    undo: bool,
) -> None:
    """Put right who spoke in a session, afterwards.

    SESSION is its number; without options, this shows what was put right. Everything is computed anew: pauses, turns,
    pages, exports, trends. Renaming comes first, and the other options use the new names. The labels that were heard
    are kept, and each change can be undone.
    """
    wanted = bool(rename or merge or swap or give)
    if undo and wanted:
        raise click.UsageError("--undo stands alone: it takes the last change back")
    with Store(data_folder() / DATABASE_FILE) as store:
        if undo:
            say(f"session {session}: taken back: {_in_words(undo_relabelling(store, session))}")
        elif wanted:
            people = store.session(session).people
            renamed = _renamed(rename)
            after = tuple(dict(renamed).get(who, who) for who in people)
            change = Relabelling(renamed, _merged(merge), _swapped(swap, after), _given(give))
            found = put_right(store, session, change)
            say(f"session {session}: {_in_words(change)}; in it are {listed(list(found.people))}")
        else:
            store.session(session)
            history = relabellings(store, session)
            for each in history:
                click.echo(_line(each))
            if not history:
                say(f"nothing of session {session} was relabelled")


def _renamed(texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    pairs = [part.partition("=") for text in texts for part in text.split(",")]
    for old, equals, new in pairs:
        if not (old.strip() and equals and new.strip()):
            raise BadSetting(f"--rename {old + equals + new!r} cannot be read; write it like A=Ana")
    return tuple((composed(old), composed(new)) for old, _, new in pairs)


def _merged(texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    found = []
    for text in texts:
        stays, *gone = map(composed, text.split(","))
        if not stays or not gone or not all(gone):
            raise BadSetting(f"--merge {text!r} cannot be read; write it like Ana,C: who stays, and who is the same")
        found += [(stays, each) for each in gone]
    return tuple(found)


def _swapped(texts: tuple[str, ...], people: tuple[str, ...]) -> tuple[tuple[int, int, str, str], ...]:
    found = []
    for text in texts:
        times, _, names = text.partition("=")
        two = tuple(map(composed, names.split(","))) if names else people
        if len(two) != 2:
            raise BadSetting(f"--swap {text!r} does not say which two; write it like 12:30-14:00=Ana,Ben")
        span = _times(times, f"--swap {text!r}", "12:30-14:00")
        found.append((span.start, span.end, *two))
    return tuple(found)


def _given(texts: tuple[str, ...]) -> tuple[tuple[int, int, str], ...]:
    found = []
    for text in texts:
        times, _, who = text.partition("=")
        span = _times(times, f"--give {text!r}", "12:30-14:00=Ana")
        if not who.strip():
            raise BadSetting(f"--give {text!r} does not say whose it is; write it like 12:30-14:00=Ana")
        found.append((span.start, span.end, composed(who)))
    return tuple(found)


def _times(text: str, option: str, like: str) -> Span:
    span = parsed_times(text)
    if span is None:
        raise BadSetting(f"{option} cannot be read; write it like {like}")
    if not span:
        raise BadSetting(f"{option} ends before it begins; write it like {like}")
    return span


def _line(each: Relabelled) -> str:
    undone = f" (taken back {_when(each.undone)})" if each.undone else ""
    return f"{_when(each.made)}  {_in_words(each.relabelling)}{undone}"


def _when(moment: datetime) -> str:
    return f"{date(moment)}, {moment:%H:%M}"


def _in_words(change: Relabelling) -> str:
    return "; ".join(put_right_told(change, texts()))
