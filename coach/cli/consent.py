"""Asks each person in the terminal, before anything is recognised, whether the coach may listen."""

from __future__ import annotations

import sys

import click

from coach.core.events import Consented
from coach.runtime import Plan, offers_spoken_answers
from coach.sessions import NotAgreed, answer, objection

_KEEPS = {
    "stats": "It keeps times and counts only",
    "words": "It keeps your words, too",
    "audio": "It keeps your words and a recording of your voices, too",
}
_ALOUD = (
    "{}, may your answers be said aloud, too? “Coach, stop listening” then ends it and erases what was kept of you, "
    "and next time the coach may ask you aloud."
)


def asked_in_turn(plan: Plan, everybody_agreed: bool) -> tuple[Consented, ...]:
    """Each person's answer, by key. Raises NotAgreed at the first no.

    Nobody is asked about a recording. Without a terminal nobody can be asked: a line aloud then tells everybody, and
    keeping words or sound is refused unless `everybody_agreed` (--yes).
    """
    keep = plan.settings.keep
    if plan.played_back:
        return ()
    offered = offers_spoken_answers(plan.settings)
    if everybody_agreed:
        aloud = True if offered else None
        return tuple(each for who in plan.people for each in answer(who, keep, yes=True, how="key", aloud=aloud))
    if not sys.stdin.isatty():
        return ()
    said: list[Consented] = []
    for who in plan.people:
        yes = _says_yes(f"{who}, may the coach listen, and recognise words? {_KEEPS[keep]}, on this machine.")
        aloud = _says_yes(_ALOUD.format(who)) if yes and offered else None
        said += answer(who, keep, yes=yes, how="key", aloud=aloud)
        if no := objection(said, [who], keep):
            raise no
    return tuple(said)


def _says_yes(text: str) -> bool:
    try:
        return click.confirm(text, default=None, err=True)
    except click.Abort:
        raise NotAgreed("nobody answered, so the coach does not listen") from None
