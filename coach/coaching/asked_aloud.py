"""Asks each person aloud, by name, whether the coach may listen, and takes a short yes or no.

Pure. It is only for people who agreed earlier, by a tap or a key, that their answers may be said aloud. The answer must
begin after the question has ended and be nothing but a yes or a no (`short_answers`). A yes must hold the word itself:

    coach   "Ana, may the coach listen?"            "Ana, may the coach listen?"
    Ana                                  "Hm?"                                   "Yes."        Answered(Ana, yes)
                                    ├────── 8 s ───┤

A question that was not heard to its end, because somebody spoke or the speaker failed, opens nothing for an answer,
and is asked again. After the second question, whoever gave no clear answer is left to the tap or the key, which work
all the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coach.coaching.short_answers import Answer, consent_in
from coach.core.span import RATE, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAloudConfig:
    """How often and how long a person is asked. Times are samples."""

    times: int = 2  # that a person is asked, in all
    patience: int = 8 * RATE  # for the beginning of an answer, from the end of the question
    longest: int = 30 * RATE  # from the end of the question, however long somebody speaks
    edge: int = RATE // 5  # by which hearing may place the beginning of an answer too early, its padding included


CONFIG = AskedAloudConfig()


class AskedAloud:
    """Asks `people` in order. `tick` says whom to ask now.

    `ended` takes how the question ended, and `heard` what was recognised.
    """

    def __init__(self, people: Iterable[str], language: str, config: AskedAloudConfig = CONFIG) -> None:
        self._waiting = list(people)
        self._language, self._config = language, config
        self._asked = 0  # how often the current person was asked
        self._saying = False  # the question was given to the voice, and has not ended
        self._tried = 0  # when the latest question ended, or broke off
        self._since: int | None = None  # the end of the latest question; None unless it was heard to its end

    @property
    def person(self) -> str | None:
        """The person who is being asked; None if nobody is, any more."""
        return self._waiting[0] if self._waiting else None

    def leave(self, who: str) -> None:
        """`who` has answered otherwise."""
        if who == self.person:
            self._next()
        elif who in self._waiting:
            self._waiting.remove(who)

    def tick(self, now: int, *, speaking: bool, hearing: bool) -> str | None:
        """The person to ask at the sample `now`; None if it is not the time to ask.

        `speaking`: the coach is saying something. `hearing`: somebody speaks, or their words are not recognised yet.
        """
        if self.person is None or speaking or self._saying:
            return None
        if self._asked == 0:
            return self._ask()
        waited, patience = now - self._tried, 0 if self._since is None else self._config.patience
        if waited < patience or (hearing and waited < self._config.longest):
            return None
        if self._asked < self._config.times:
            return self._ask()
        self._next()
        return None

    def ended(self, now: int, *, whole: bool) -> None:
        """The question has ended at the sample `now`; `whole` if people could hear all of it."""
        if self._saying:
            self._saying, self._tried, self._since = False, now, now if whole else None

    def heard(self, text: str, spoken: Span) -> tuple[str, Answer] | None:
        """The person who is asked and their answer, if `text`, spoken over `spoken`, is one; otherwise None."""
        person, answer = self.person, consent_in(text, self._language)
        if person is None or answer is None or self._since is None or spoken.start < self._since - self._config.edge:
            return None
        self._next()
        return person, answer

    def _ask(self) -> str | None:
        self._asked += 1
        self._saying, self._since = True, None
        return self.person

    def _next(self) -> None:
        self._waiting.pop(0)
        self._asked, self._saying, self._since = 0, False, None
