"""`coach forget`: delete sessions and voices permanently."""

from __future__ import annotations

import shutil
import sys

import click

from coach.cli.saying import say
from coach.core.errors import BadSetting
from coach.core.settings import data_folder
from coach.review import listed
from coach.sessions import (
    DATABASE_FILE,
    Store,
    StoredSession,
    forget_all_sessions,
    forget_sessions,
    forget_voice,
    forget_voices,
)

VOICES = "voices"


@click.command()
@click.argument("what", nargs=-1, metavar="SESSION…|voices")
@click.option("--voice", "whose", multiple=True, metavar="NAME", help="The kept voice of one person; may be repeated.")
@click.option(
    "--all", "everything", is_flag=True, help="All sessions, all kept voices, and rendered lines that contain names."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def forget(what: tuple[str, ...], whose: tuple[str, ...], everything: bool, yes: bool) -> None:
    """Delete sessions, kept voices or everything, for good.

    SESSION is the number of a session. What you delete cannot be restored, so in a terminal the coach asks first.
    """
    if not what and not whose and not everything:
        raise BadSetting(
            "say what to delete: the number of a session, voices, or --all; `coach sessions` lists the sessions"
        )
    if everything and (what or whose):
        raise BadSetting(f"--all deletes everything; leave out --all, or leave out {listed([*what, *whose])}")
    wrong = [each for each in what if each != VOICES and not each.isdecimal()]
    if wrong:
        raise BadSetting(f"{wrong[0]!r} is not the number of a session; `coach sessions` lists them")
    numbers = list(dict.fromkeys(int(each) for each in what if each != VOICES))
    folder = data_folder()
    if not yes and sys.stdin.isatty():
        click.confirm(f"Delete {_meant(what, whose, everything)} for good?", abort=True, err=True)
    for who in whose:
        forget_voice(folder, who)
    if everything or VOICES in what:
        _say(len(whose) + forget_voices(folder), "kept voice")
    elif whose:
        _say(len(whose), "kept voice")
    with Store(folder / DATABASE_FILE) as store:
        if everything:
            _say(forget_all_sessions(store), "session")
        elif numbers:
            gone = [store.session(number) for number in numbers]
            kept = [store.holds(each) for each in gone]
            forget_sessions(store, *numbers)
            _say(len(numbers), "session")
            for each, held in zip(gone, kept, strict=True):
                say(f"gone: session {each.id} of {listed(each.people)}, {_held(each, held)}")
    if everything and (cache := folder / "cues" / "cache").is_dir():
        shutil.rmtree(cache)  # it contains rendered check-in prompts, which name people


def _meant(what: tuple[str, ...], whose: tuple[str, ...], everything: bool) -> str:
    """What the command would delete, in words."""
    if everything:
        return "all sessions and all kept voices"
    numbers = [each for each in what if each != VOICES]
    parts = [f"session {listed(numbers)}"] if numbers else []
    parts += ["all kept voices"] if VOICES in what else [f"the voice of {listed(whose)}"] if whose else []
    return listed(parts)


def _held(session: StoredSession, kept: str) -> str:
    more = {"stats": "", "words": ", words", "sound": ", sound", "audio": ", words, sound"}[kept]
    return f"{session.started:%Y-%m-%d %H:%M}: times, counts, cues, notes{more}"


def _say(count: int, noun: str) -> None:
    say(f"deleted {count} {noun}{'' if count == 1 else 's'}")
