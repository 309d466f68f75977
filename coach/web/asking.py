"""The people who are being asked before a session: with a tap, and also aloud if they agreed to that earlier."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from coach.core.errors import CoachError
from coach.runtime import Options, offers_spoken_answers
from coach.sessions import VOICE, Answers, answer, answer_again

AskAloud = Callable[..., None]  # as `ask_people_aloud`


class Asking:
    """The people who are being asked about `options`, and the `answers` of those who said yes.

    `hears`: they are being asked aloud as well; `asked_aloud` is who, just now.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self.answers = Answers(options.settings.people)
        self.hears, self.asked_aloud = False, ""

    @property
    def people(self) -> tuple[str, ...]:
        """Who is asked, in the order in which the settings name them."""
        return self.answers.people

    @property
    def aloud(self) -> bool:
        """Whether each is also asked if their answers may be said aloud."""
        return offers_spoken_answers(self.options.settings)

    def agrees(self, who: str, *, aloud: bool, how: str) -> None:
        """`who` says yes to all that the session does, and to answering `aloud` if they were asked that."""
        keep = self.options.settings.keep
        if how == VOICE:
            self.answers.take(who, answer_again(who, keep, yes=True, how=how))
        else:
            self.answers.take(who, answer(who, keep, yes=True, how=how, aloud=aloud if self.aloud else None))

    def also_aloud(
        self, ask: AskAloud, said: Callable[[str, bool], None], *, after: threading.Thread | None
    ) -> threading.Thread:
        """Begins to ask aloud, on a thread of its own that ends with the last answer; it waits for the thread `after`.

        `said` gets each answer, on that thread.
        """

        def answered(who: str, yes: bool) -> None:
            if not yes:
                self.answers.over = True  # at once: nobody else is asked
            said(who, yes)

        def prompt(who: str) -> None:
            self.asked_aloud = who

        def run() -> None:
            if after is not None:
                after.join()
            try:
                with suppress(CoachError):  # a device that cannot be opened is told of when the session begins
                    ask(self.options, waiting=self.answers.waiting, answered=answered, prompt=prompt)
            finally:
                self.hears, self.asked_aloud = False, ""

        self.hears = True
        thread = threading.Thread(target=run, name="asking", daemon=True)
        thread.start()
        return thread
