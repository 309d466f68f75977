"""Jobs that wait until it is known which language to recognise.

The first spans of speech find the language (`language`), and are recognised only then, so that all words of a session
are in one language:

    hear    the sound of a job is evidence of the language; this may take as long as recognising it
    take    the job waits, or may go on together with all that waited for it, in their order
    assume  nobody waits any longer: a language is assumed, and all jobs go on
"""

from __future__ import annotations

from coach.asr.backlog import Job, as_float
from coach.asr.engines.transcriber import Transcriber
from coach.asr.language import ASSUMED, SpokenLanguage, finder_for


class HeldJobs:
    """The jobs for `engines`, which must all be alike. Nothing is held if the engines know their language.

    Not thread-safe: a caller with several threads guards all calls but `hear` and `language`, and calls `assume` only
    while no job is in work; only the thread that uses the engines may call `hear`. `len` is the number of jobs that
    wait.
    """

    def __init__(self, *engines: Transcriber) -> None:
        self._finder = finder_for(*engines)
        self._held: list[Job] = []

    def __len__(self) -> int:
        return len(self._held)

    @property
    def language(self) -> SpokenLanguage | None:
        """The language that the engines understand, found or assumed; None while it is being looked for."""
        return ASSUMED if self._finder is None else self._finder.found

    def hear(self, job: Job) -> None:
        """Look for the language in the sound of `job`. Does nothing once it is known."""
        if self._finder is not None:
            self._finder.hear(as_float(job.samples))

    def take(self, job: Job) -> list[Job]:
        """The jobs that may go on now: none while the language is being looked for, else all that waited and `job`."""
        self._held.append(job)
        return [] if self.language is None else self._released()

    def assume(self) -> list[Job]:
        """The jobs that waited. A language is assumed if none has been found yet."""
        if self._finder is not None:
            self._finder.assume()
        return self._released()

    def drop(self) -> None:
        """Forget the jobs that wait."""
        self._held.clear()

    def _released(self) -> list[Job]:
        released, self._held = self._held, []
        return released
