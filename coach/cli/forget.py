"""`coach forget`: delete sessions and voices permanently."""

from __future__ import annotations

import shutil

import click

from coach.cli.saying import say
from coach.core.errors import BadSetting
from coach.core.settings import data_folder
from coach.sessions import (
    DATABASE_FILE,
    Store,
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
def forget(what: tuple[str, ...], whose: tuple[str, ...], everything: bool) -> None:
    """Delete sessions, kept voices or everything, for good.

    SESSION is the number of a session. What you delete cannot be restored.
    """
    if not what and not whose and not everything:
        raise BadSetting(
            "say what to delete: the number of a session, voices, or --all; `coach sessions` lists the sessions"
        )
    wrong = [each for each in what if each != VOICES and not each.isdecimal()]
    if wrong:
        raise BadSetting(f"{wrong[0]!r} is not the number of a session; `coach sessions` lists them")
    folder = data_folder()
    for who in whose:
        forget_voice(folder, who)
    if everything or VOICES in what:
        _say(len(whose) + forget_voices(folder), "kept voice")
    elif whose:
        _say(len(whose), "kept voice")
    with Store(folder / DATABASE_FILE) as store:
        if everything:
            _say(forget_all_sessions(store), "session")
        elif numbers := [int(each) for each in what if each != VOICES]:
            forget_sessions(store, *numbers)
            _say(len(numbers), "session")
    if everything and (cache := folder / "cues" / "cache").is_dir():
        shutil.rmtree(cache)  # it contains rendered check-in prompts, which name people


def _say(count: int, noun: str) -> None:
    say(f"deleted {count} {noun}{'' if count == 1 else 's'}")
