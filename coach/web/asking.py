"""The people who are being asked before a session: with a tap, and also aloud if they agreed to that earlier."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from coach.core.errors import CoachError
from coach.core.events import Consented
from coach.runtime import Options, offers_spoken_answers
from coach.sessions import VOICE, answer, answer_again

AskAloud = Callable[..., None]  # as `ask_people_aloud`


@dataclass(slots=True)
class Asking:
    """The people who are being asked about `options`, and what those who said yes have answered.

    `over`: nobody is asked any more. `hears`: they are being asked aloud as well; `asked_aloud` is who, just now.
    """

    options: Options
    answers: dict[str, tuple[Consented, ...]] = field(default_factory=dict)
    over: bool = False
    hears: bool = False
    asked_aloud: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        return self.options.settings.people

    @property
    def agreed(self) -> bool:
        return all(who in self.answers for who in self.people)

    @property
    def aloud(self) -> bool:
        """Whether each is also asked if their answers may be said aloud."""
        return offers_spoken_answers(self.options.settings)

    def waiting(self) -> list[str]:
        """Whose answer is missing; nobody's, once nobody is asked any more. Safe from any thread."""
        return [] if self.over else [who for who in self.people if who not in self.answers]

    def agrees(self, who: str, *, aloud: bool, how: str) -> None:
        """`who` says yes to all that the session does, and to answering `aloud` if they were asked that."""
        keep = self.options.settings.keep
        if how == VOICE:
            self.answers[who] = answer_again(who, keep, yes=True, how=how)
        else:
            self.answers[who] = answer(who, keep, yes=True, how=how, aloud=aloud if self.aloud else None)

    def also_aloud(
        self, ask: AskAloud, said: Callable[[str, bool], None], *, after: threading.Thread | None
    ) -> threading.Thread:
        """Begins to ask aloud, on a thread of its own that ends with the last answer; it waits for the thread `after`.

        `said` gets each answer, on that thread.
        """

        def answered(who: str, yes: bool) -> None:
            self.over = self.over or not yes  # at once: nobody else is asked
            said(who, yes)

        def prompt(who: str) -> None:
            self.asked_aloud = who

        def run() -> None:
            if after is not None:
                after.join()
            try:
                with suppress(CoachError):  # a device that cannot be opened is told of when the session begins
                    ask(self.options, waiting=self.waiting, answered=answered, prompt=prompt)
            finally:
                self.hears, self.asked_aloud = False, ""

        self.hears = True
        thread = threading.Thread(target=run, name="asking", daemon=True)
        thread.start()
        return thread
