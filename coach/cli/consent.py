"""Asks each person in the terminal, before anything is recognised, whether the coach may listen."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from coach.audio import silence_native_stderr
from coach.cli.keys import pressed, single_keys
from coach.cli.saying import say
from coach.core.events import Consented
from coach.core.settings import data_folder
from coach.runtime import NAMELESS, Options, Plan, ask_people_aloud, may_ask_aloud, offers_spoken_answers
from coach.sessions import BEFOREHAND, DATABASE_FILE, VOICE, Answers, NotAgreed, Store, answer, answer_again, objection

Said = dict[str, tuple[Consented, ...]]  # by person

_KEEPS = {
    "stats": "It keeps times and counts only",
    "words": "It keeps your words, too",
    "audio": "It keeps your words and a recording of your voices, too",
}
_UNNAMED = dict(zip(NAMELESS, ("The first of you", "The second of you"), strict=True))
_ALOUD = (
    "{}, may your answers be said aloud, too? “Coach, stop listening” then ends the talk and, if the coach is sure who "
    "said it, erases all sound and what was kept of your words (with one microphone, of everybody's); next time the "
    "coach may ask you aloud."
)


def asked_aloud(options: Options, everybody_agreed: bool) -> Said:
    """What people answered who were asked aloud, because they agreed to that in an earlier session.

    A key answers for the person who is asked just then. Raises NotAgreed at the first no, and what `open_devices`
    raises.
    """
    settings = options.settings
    if everybody_agreed or not sys.stdin.isatty() or not (data_folder() / DATABASE_FILE).is_file():
        return {}
    with Store(data_folder() / DATABASE_FILE) as store:
        if not may_ask_aloud(store, options):
            return {}
    asking = _Asking(settings.people, settings.keep)
    with single_keys() as terminal, silence_native_stderr():
        ask_people_aloud(
            options,
            waiting=lambda: asking.waiting(pressed(terminal)),
            answered=lambda who, yes: asking.answered(who, yes, VOICE),
            prompt=asking.prompt,
        )
    if no := objection(asking.answers.consents, settings.people, "stats"):
        raise no
    return asking.answers.said


class _Asking:
    """The people who are asked aloud, and may also answer with a key."""

    def __init__(self, people: tuple[str, ...], keep: str) -> None:
        self.answers = Answers(people)
        self._keep = keep
        self._person = ""

    def prompt(self, who: str) -> None:
        self._person = who
        if who:
            say(f"{who}, may the coach listen? {_KEEPS[self._keep]}. Say yes or no, or press y or n.")

    def answered(self, who: str, yes: bool, how: str) -> None:
        self.answers.take(who, answer_again(who, self._keep, yes=yes, how=how))
        say(f"{who} said {'yes' if yes else 'no'}{', aloud' if how == VOICE else ''}")

    def waiting(self, keys: str) -> Sequence[str]:
        """Whose answer is missing, after `keys` were pressed."""
        for key in keys.casefold():
            if key in ("y", "n") and self._person and self._person not in self.answers.said:
                self.answered(self._person, key == "y", "key")
        return self.answers.waiting()


def asked_in_turn(plan: Plan, everybody_agreed: bool, already: Said | None = None) -> tuple[Consented, ...]:
    """Each person's answer, by key; `already` holds the answers of those who need not be asked again.

    Raises NotAgreed at the first no. Nobody is asked about a recording. Without a terminal nobody can be asked: a line
    aloud then tells everybody, and keeping words or sound is refused unless `everybody_agreed` (--yes).
    """
    keep = plan.settings.keep
    if plan.played_back:
        return ()
    offered = offers_spoken_answers(plan.settings)
    if everybody_agreed:
        aloud = True if offered else None
        return tuple(each for who in plan.people for each in answer(who, keep, yes=True, how=BEFOREHAND, aloud=aloud))
    if not sys.stdin.isatty():
        return ()
    said: list[Consented] = []
    if plan.people == NAMELESS:
        say("nobody was named, so you are One and Two here; `coach listen --people Ana,Ben` gives you your names")
    for who in plan.people:
        if already and who in already:
            said += already[who]
            continue
        called = _UNNAMED.get(who, who) if plan.people == NAMELESS else who
        yes = _says_yes(f"{called}, may the coach listen, and recognise words? {_KEEPS[keep]}, on this machine.")
        aloud = _says_yes(_ALOUD.format(called)) if yes and offered else None
        said += answer(who, keep, yes=yes, how="key", aloud=aloud)
        if no := objection(said, [who], keep):
            raise no
    return tuple(said)


def _says_yes(text: str) -> bool:
    try:
        return click.confirm(text, default=None, err=True)
    except click.Abort:
        raise NotAgreed("nobody answered, so the coach does not listen") from None
