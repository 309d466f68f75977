"""Recognition on a separate thread: words are requested, and fetched once they are recognised, without waiting.

    ear thread     submit ──┐                        ┌─► results
                            ▼                        │
    waiting        [ Ana 5 s ][ Ben 2 s ][ Ana 4 s ] │
                            ▼                        │
    words thread      transcriber ───────────────────┘

While the queue is empty, the thread works on jobs in two kinds of slots. `command` sets a short stretch that may be a
command to the coach, from any speaker. `foresee` sets, for each person, the job that will probably be submitted next,
so that its words are ready, or nearly ready, by then; they are dropped if another job covers most of its sound. The
order of the calls does not matter. The words from both kinds of slots can be fetched early (`ahead`). They may be half
a sentence, and the words of a foreseen job may come again as a result.

If the language must be found first, the spans that find it are held until it is known, and then recognised in their
order. Until then, nothing is recognised early.

The queue is a `Backlog`, bounded in seconds of sound. `finish` recognises what it has deferred, after the session.

A recogniser that fails repeatedly, or never returns, is given up with one notice; the rest of the coach goes on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from coach.asr.backlog import Backlog, Job, as_float
from coach.asr.engines.transcriber import Transcriber
from coach.asr.held_jobs import HeldJobs
from coach.asr.language import ASSUMED, SpokenLanguage
from coach.core.errors import first_line
from coach.core.messages import Message
from coach.core.span import RATE, Span

Clock = Callable[[], float]  # seconds
_From = Literal["backlog", "command", "foreseen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerConfig:
    """When a recogniser is given up."""

    failures: int = 3  # in a row; a single strange span is no reason
    patience: float = 30.0  # seconds that a call may take, whatever its length
    patience_per_second: float = 5.0  # seconds more for each second of sound; far over what "keeps up" means
    look: float = 0.1  # seconds between two looks at whether the recogniser hangs, while `finish` waits for it


WORKER = WorkerConfig()
Progress = Callable[[int, int], None]  # spans done, spans in all


@dataclass(frozen=True, slots=True)
class Result:
    """The words of `who` in `span`; "" if there were none."""

    who: str
    span: Span
    text: str


class Worker:
    """`transcriber` on a daemon thread. All methods may be called from any thread; only finish and close wait."""

    def __init__(
        self,
        transcriber: Transcriber,
        *,
        clock: Clock = time.monotonic,
        config: WorkerConfig = WORKER,
    ) -> None:
        self._transcriber, self._config = transcriber, config
        self._clock = clock
        self._changed = threading.Condition()  # guards everything below
        self._held = HeldJobs(transcriber)  # `hear` is called by the thread, without the guard
        self._language = self._held.language
        self._backlog = Backlog()
        self._foreseen: dict[str, Job] = {}  # one slot per person, for the job that will probably be submitted
        self._command: Job | None = None  # the slot for a possible command to the coach
        self._known: dict[str, Result] = {}  # by person, the words of the last job that was foreseen and not submitted
        self._submitted: dict[str, int] = {}  # by person, the end of the submitted sound, in samples
        self._ahead: list[Result] = []  # words of both slots that nobody has fetched yet
        self._in_work: Job | None = None
        self._taken_from: _From = "backlog"  # where the job in work came from
        self._since = 0.0  # the time at which the job in work began
        self._done: list[Result] = []
        self._notices: list[str] = []
        self._failures = 0
        self._given_up = False
        self._closing = False
        self._resting = False
        self._thread = threading.Thread(target=self._work, name="coach-words", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Request the words of `job`, without waiting. Does nothing once the recogniser was given up."""
        with self._changed:
            self._look_for_hang()
            if self._given_up or self._closing:
                return
            known = self._known.get(job.who)
            if known is not None and known.span == job.span:
                self._done.append(known)
            elif self._taken_from == "foreseen" and self._in_work is not None and _same(self._in_work, job):
                self._taken_from = "backlog"
            else:
                self._backlog.add(job)
            self._submitted[job.who] = max(job.span.end, self._submitted.get(job.who, 0))
            if known is not None and self._superseded(known):
                del self._known[job.who]
            if job.who in self._foreseen and self._superseded(self._foreseen[job.who]):
                del self._foreseen[job.who]
            self._changed.notify_all()

    def rest(self, resting: bool) -> None:
        """Begin no more jobs, or go on. Jobs are taken all the same."""
        with self._changed:
            self._resting = resting
            self._changed.notify_all()

    def foresee(self, job: Job) -> None:
        """Begin `job`, which will probably be submitted, while the thread is idle. Does not wait.

        It replaces a job that was foreseen for the same person and has not begun. It is ignored if most of its sound
        has already been submitted.
        """
        with self._changed:
            if self._given_up or self._closing or self._superseded(job):
                return
            self._foreseen[job.who] = job
            self._changed.notify_all()

    def command(self, job: Job) -> None:
        """Recognise `job`, which may be a command to the coach, while the thread is idle. Does not wait.

        It replaces an earlier one that has not begun.
        """
        with self._changed:
            if self._given_up or self._closing:
                return
            self._command = job
            self._changed.notify_all()

    def results(self) -> list[Result]:
        """The results since the last call, in the order in which they were recognised."""
        with self._changed:
            self._look_for_hang()
            done, self._done = self._done, []
            return done

    def ahead(self) -> list[Result]:
        """The words since the last call of possible commands, and of foreseen jobs that are not submitted yet."""
        with self._changed:
            ahead, self._ahead = self._ahead, []
            return ahead

    def notices(self) -> list[str]:
        """Lines for the people in the room since the last call. A recogniser that fails is reported once."""
        with self._changed:
            notices, self._notices = self._notices, []
            return notices

    @property
    def language(self) -> SpokenLanguage | None:
        """The language that the recogniser understands, found or assumed; None while it is being looked for."""
        with self._changed:
            return self._language

    @property
    def behind(self) -> int:
        """Samples of sound that wait or are in work; not those that are held until the language is known."""
        with self._changed:
            if self._given_up:
                return 0
            return self._backlog.samples + (
                len(self._in_work.samples) if self._in_work and self._taken_from == "backlog" else 0
            )

    @property
    def deferred(self) -> list[Job]:
        """The jobs that were deferred until after the session, oldest first."""
        with self._changed:
            return self._backlog.deferred

    def finish(self, progress: Progress | None = None) -> list[Result]:
        """Recognise all remaining jobs and wait. Returns the results that were not fetched yet, in order of time.

        Returns early, with the results so far, if the recogniser is given up.
        """
        with self._changed:
            self._resting = False
            self._backlog.recall()
            self._foreseen, self._command = {}, None
            total = len(self._held) + len(self._backlog) + (self._in_work is not None)
            self._changed.notify_all()
            while self._held or self._backlog or self._in_work:
                if self._held and not (self._backlog or self._in_work):
                    self._go_on(self._held.assume())
                if progress is not None:
                    progress(total - len(self._held) - len(self._backlog) - (self._in_work is not None), total)
                self._changed.wait(self._config.look)
                self._look_for_hang()
                if self._given_up:
                    break
        if progress is not None:
            progress(total, total)
        return sorted(self.results(), key=lambda result: (result.span, result.who))

    def close(self, timeout: float = 2.0) -> None:
        """Stop after the job in work. A recogniser that does not return within `timeout` seconds is abandoned."""
        with self._changed:
            self._closing = True
            self._held.drop()
            self._backlog.clear()
            self._changed.notify_all()
        self._thread.join(timeout)
        if not self._thread.is_alive():  # freeing a model that is still in use would crash
            self._transcriber.close()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            if self._held.language is None:
                self._held.hear(job)
                self._hold(job)
                continue
            text: str | None = None
            reason = ""
            try:
                text = self._transcriber.transcribe(as_float(job.samples))
            except Exception as error:  # an engine may raise anything; the session goes on
                reason = first_line(error)
            self._settle(job, text, reason)

    def _next(self) -> Job | None:
        """Wait for the next job; None when it is time to stop."""
        with self._changed:
            self._changed.wait_for(
                lambda: (
                    (not self._resting and (self._backlog or (self._language and (self._command or self._foreseen))))
                    or self._closing
                    or self._given_up
                )
            )
            if self._closing or self._given_up:
                return None
            if self._backlog:
                self._in_work, self._taken_from = self._backlog.take(), "backlog"
            elif self._command is not None:
                self._in_work, self._taken_from, self._command = self._command, "command", None
            else:
                soonest = min(self._foreseen.values(), key=lambda job: (job.span, job.who))
                self._in_work, self._taken_from = self._foreseen.pop(soonest.who), "foreseen"
            self._since = self._clock()
            return self._in_work

    def _hold(self, job: Job) -> None:
        """Hold `job` until the language is known, which it may be by now."""
        with self._changed:
            self._in_work = None
            self._go_on(self._held.take(job))

    def _go_on(self, jobs: list[Job]) -> None:
        self._language = self._held.language or self._language
        if not (self._given_up or self._closing):
            self._backlog.put_back(jobs)
        self._changed.notify_all()

    def _settle(self, job: Job, text: str | None, reason: str) -> None:
        with self._changed:
            self._in_work = None
            self._changed.notify_all()
            if self._given_up:  # a notice has already announced that no more words will come
                return
            if text is not None:
                self._failures = 0
                self._keep(Result(job.who, job.span, text))
                return
            self._failures += 1
            if self._failures == self._config.failures:
                self._give_up(Message("notice.recogniser_failed", name=self._transcriber.name, reason=reason))

    def _keep(self, result: Result) -> None:
        if self._taken_from == "backlog":
            self._done.append(result)
            return
        if self._taken_from == "foreseen" and not self._superseded(result):
            self._known[result.who] = result
        self._ahead.append(result)

    def _superseded(self, foreseen: Job | Result) -> bool:
        """Whether more than half of the sound of `foreseen` was submitted, so that it will not be submitted itself."""
        return 2 * self._submitted.get(foreseen.who, 0) > foreseen.span.start + foreseen.span.end

    def _look_for_hang(self) -> None:
        """Give the recogniser up if the job in work has exceeded the configured patience."""
        if self._in_work is None or self._given_up:
            return
        seconds = len(self._in_work.samples) / RATE
        if self._clock() - self._since > self._config.patience + self._config.patience_per_second * seconds:
            self._give_up(Message("notice.recogniser_hangs", name=self._transcriber.name))

    def _give_up(self, why: Message) -> None:
        self._given_up = True
        self._language = self._language or ASSUMED
        self._held.drop()
        self._backlog.clear()
        self._notices.append(why)


def _same(one: Job, other: Job) -> bool:
    return (one.who, one.span) == (other.who, other.span)
