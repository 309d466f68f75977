"""Recognition at once, for files in fast mode: the words are there when `submit` returns.

No thread and no queue, so that the same sound always gives the same words at the same place.
"""

from __future__ import annotations

from collections.abc import Callable

from coach.asr.backlog import Job, as_float
from coach.asr.engines.transcriber import Transcriber
from coach.asr.language import ASSUMED, SpokenLanguage
from coach.asr.worker import WORKER, Progress, Result, WorkerConfig
from coach.core.errors import first_line
from coach.core.messages import Message


class NotBegun(RuntimeError):
    """Words were requested of a job that was not begun early as it should have been: a bug in the program."""


class Immediate:
    """Has the interface of `Worker` but recognises within `submit`.

    `recognise` returns the words of a job, which may have begun early; by default `transcriber` recognises them now.
    `language` returns the language as `Worker.language` does; by default it is not looked for.
    """

    def __init__(
        self,
        transcriber: Transcriber,
        *,
        recognise: Callable[[Job], str] | None = None,
        language: Callable[[], SpokenLanguage | None] = lambda: ASSUMED,
        config: WorkerConfig = WORKER,
    ) -> None:
        self._transcriber, self._config = transcriber, config
        self._recognise = recognise or (lambda job: transcriber.transcribe(as_float(job.samples)))
        self._find = language
        self._done: list[Result] = []
        self._notices: list[str] = []
        self._failures = 0

    def submit(self, job: Job) -> None:
        """Recognise `job` now. Raises NotBegun if `recognise` does."""
        if self._failures == self._config.failures:
            return
        try:
            text = self._recognise(job)
        except NotBegun:
            raise
        except Exception as error:  # an engine may raise anything; the analysis goes on
            self._failures += 1
            if self._failures == self._config.failures:
                reason = first_line(error)
                self._notices.append(Message("notice.recogniser_failed", name=self._transcriber.name, reason=reason))
            return
        self._failures = 0
        self._done.append(Result(job.who, job.span, text))

    def foresee(self, job: Job) -> None:
        """Does nothing, since nobody waits for the words."""

    def command(self, job: Job) -> None:
        """Does nothing, since commands in a recording are obeyed when their words are recognised."""

    def ahead(self) -> list[Result]:
        """Always empty."""
        return []

    def results(self) -> list[Result]:
        """The results since the last call."""
        done, self._done = self._done, []
        return done

    def notices(self) -> list[str]:
        """Lines for the person since the last call."""
        notices, self._notices = self._notices, []
        return notices

    @property
    def language(self) -> SpokenLanguage | None:
        """The language that the recogniser understands, found or assumed; None while it is being looked for."""
        return self._find()

    @property
    def behind(self) -> int:
        """Always 0, since `submit` returns only when the words are there."""
        return 0

    @property
    def deferred(self) -> list[Job]:
        """Always empty, since no job waits."""
        return []

    def finish(self, progress: Progress | None = None) -> list[Result]:
        """The results that were not fetched yet. There are never any jobs left."""
        return self.results()

    def close(self, timeout: float = 0.0) -> None:
        """Close the transcriber on this thread. `timeout` has no effect, since no other thread has to end first."""
        self._transcriber.close()
