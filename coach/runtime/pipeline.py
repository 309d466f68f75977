"""The pipeline: turns each 20 ms hop of sound into events.

    hop ─► ear ─► tracker ─► FloorTaken ─┐
            └──► endpointer ─► words ─► meaning ─► runs ─┤
                                                         └─► coach ─► Cue

One object on one thread serves all drivers, so that a microphone, a file in real time and a file at full speed run the
same code. Nothing here blocks: words are requested, and picked up in a later hop when they have been recognised.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from coach.asr import ASSUMED, CommandWindow, Endpointer, Job, Result, SpokenLanguage
from coach.audio import Block, Samples
from coach.coaching import ASK, Catalogue, Coach, Policy, SharingRun, TakingBack, as_one, has_commands, wish_in
from coach.conversation import SpeechState, Timing, Tracker, timing_of
from coach.core.errors import BadSetting
from coach.core.events import (
    UNKNOWN,
    AudioGap,
    Consented,
    Cue,
    DeviceLost,
    Ended,
    Event,
    Hushed,
    InputLevel,
    Lag,
    LanguageFound,
    Notice,
    Speech,
    SpeechOn,
    Words,
)
from coach.core.messages import Message
from coach.core.settings import AUTO_LANGUAGE, Settings
from coach.core.span import HOP, MILLISECOND, RATE, Span, as_samples, as_seconds
from coach.core.understood import check_understood
from coach.diarization import Hearing, heard_at
from coach.meaning import Runs
from coach.runtime.languages import not_understood
from coach.runtime.phases import Phase
from coach.runtime.understanding import Understanding
from coach.sessions import LISTEN, VOICE


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineConfig:
    """What the pipeline keeps, and how often it reports. All times are samples."""

    kept: int = 40 * RATE  # sound kept for the recogniser; far longer than any span
    meter: int = 100 * MILLISECOND  # between two levels for the screen
    look_behind: int = RATE  # between two reports of how late the ear, or words, are
    not_yet_heard: int = 50 * MILLISECOND  # the ear may still report something this old


CONFIG = PipelineConfig()


class Recogniser(Protocol):
    """The recogniser as the pipeline uses it: `Worker` live, `Immediate` for files."""

    @property
    def language(self) -> SpokenLanguage | None:
        """The language whose words it recognises; None while that is being looked for."""
        ...

    def submit(self, job: Job) -> None:
        """Request the words of `job`."""
        ...

    def foresee(self, job: Job) -> None:
        """Say that `job` will probably be submitted."""
        ...

    def command(self, job: Job) -> None:
        """Request the words of `job` early, since it may be a command to the coach."""
        ...

    def ahead(self) -> list[Result]:
        """The words since the last call that came early; they may come again as results."""
        ...

    def results(self) -> list[Result]:
        """The words since the last call, in the order in which they were recognised."""
        ...

    def finish(self, progress: Callable[[int, int], None] | None = None) -> list[Result]:
        """Wait for all remaining words; `progress` takes the spans done, and in all."""
        ...


class Coaching(Protocol):
    """Decides cues for the pipeline: a `Coach`, or an exercise in its place."""

    def begin(self, now: int) -> None:
        """The talk begins at the sample `now`; nothing before it counts."""
        ...

    def lose_words(self) -> None:
        """Go on without a recogniser."""
        ...

    def speak(self, catalogue: Catalogue) -> None:
        """Take the wordings of cues from `catalogue` from now on."""
        ...

    def hear(self, event: Event) -> None:
        """Take an event, in the order in which it became known."""
        ...

    def consider(self, run: SharingRun) -> None:
        """Take the newest estimate of whether somebody has told only of events."""
        ...

    def tick(self, speech: SpeechState) -> list[Event]:
        """The cues decided by `speech.now`, given and held back; once per hop, after `hear` and `consider`."""
        ...

    def finish(self, now: int) -> list[Event]:
        """End the talk at the sample `now`: the cues that were still undecided, held back."""
        ...


class Memory:
    """The last seconds of sound, from which spans for the recogniser are cut."""

    def __init__(self, columns: Mapping[str, int] | None) -> None:
        self._columns = columns or {}
        self._blocks: deque[Block] = deque()

    def keep(self, block: Block) -> None:
        """Remember `block`, (n, channels), and forget what is older than `PipelineConfig.kept` samples."""
        self._blocks.append(block)
        while self._blocks[0].end < block.end - CONFIG.kept:
            self._blocks.popleft()

    def cut(self, who: str, span: Span) -> Samples:
        """The sound of `span` as one channel, (n,): the channel of `who`, if any, else the mean of all.

        Sound that is no longer kept is left out.
        """
        pieces: list[Samples] = []
        for block in reversed(self._blocks):  # the requested sound is usually recent
            if block.end <= span.start:
                break
            if block.start < span.end:
                pieces.append(block.samples[max(span.start - block.start, 0) : span.end - block.start])
        if not pieces:
            return np.zeros(0, np.float32)
        sound = np.concatenate(pieces[::-1])
        return np.ascontiguousarray(sound[:, self._columns[who]]) if who in self._columns else sound.mean(axis=1)


def hear(ear: Hearing, item: Block | Event) -> list[Event]:
    """The events that `ear` finds in a hop, or when the source reports lost sound, which closes open speech."""
    if isinstance(item, Block):
        return heard_at(ear, item.start, item.samples)
    return ear.skip_to(ear.now) if isinstance(item, AudioGap | DeviceLost) else []


def policy(settings: Settings) -> Policy:
    """The coach's policy according to the settings, in samples."""
    return Policy(
        mode=settings.cues,  # type: ignore[arg-type]  # checked by the settings table
        disabled=frozenset(settings.cues_off),
        ask=settings.cue_style == "ask",
        quiet_first=as_samples(settings.quiet_first),
        tone_every=as_samples(settings.tone_every),
        drill_every=as_samples(settings.drill_every),
        tones_an_hour=settings.tones_an_hour,
        long_share=as_samples(settings.long_share),
        spoken_every=as_samples(settings.spoken_every),
    )


class Pipeline:
    """Holds the state of a session. `hop` takes 20 ms of sound and returns the events that became known, in order.

    `beginning` holds the phases before the talk, such as the check-in; None if there are none. `coach` decides the
    cues; without one, a `Coach` for `people` does. `understanding` and `runs` judge the words; by default with the
    models that ship. `aloud`: all have agreed that each may take their yes back aloud; None if nobody is asked, as in a
    recording.
    """

    def __init__(
        self,
        ear: Hearing,
        settings: Settings,
        people: tuple[str, ...],
        *,
        catalogue: Catalogue,
        recogniser: Recogniser | None,
        columns: Mapping[str, int] | None = None,
        beginning: Phase | None = None,
        coach: Coaching | None = None,
        understanding: Understanding | None = None,
        runs: Runs | None = None,
        timing: Timing | None = None,
        aloud: bool | None = None,
    ) -> None:
        self.now = 0
        self.speech = SpeechState(shared=not columns)
        self.hushed = False
        self.ear = ear
        self._settings = settings
        self._beginning = beginning
        self._recogniser = recogniser
        self.memory = Memory(columns)
        self._endpointer = Endpointer(shared=not columns)
        self._command_window = CommandWindow()
        timing = timing or timing_of(settings.pause, settings.pause_grows)
        self._tracker = Tracker(timing, lag=CONFIG.not_yet_heard)
        check_understood(settings.language)
        self._understanding = understanding or Understanding(settings.language)
        self._own_understanding = understanding is None
        self._language_known = settings.language != AUTO_LANGUAGE
        self._unread = self._not_understood() if self._language_known else ""  # a notice that is still due
        self._runs = runs or Runs()
        self._sharers: set[str] = set()  # the people whose words were recognised
        self._latest: Words | None = None
        self._taking_back = TakingBack(people)
        self._taken_back: list[str] = []  # by whom, since the last look
        self._aloud = aloud
        self._words_come = recogniser is not None
        self._owed: list[tuple[str, Span]] = []  # submitted to the recogniser and not answered yet
        self._coach: Coaching = coach or Coach(policy(settings), catalogue, people, words_on=recogniser is not None)

    @property
    def checking_in(self) -> bool:
        """Whether a phase before the talk is still going on."""
        return self._beginning is not None

    @property
    def takes_back_aloud(self) -> bool:
        """Whether a yes may be taken back aloud in the talk, as far as is known by now. Safe from any thread."""
        understood = not self._language_known or has_commands(self._settings.language)
        return bool(self._aloud) and self._words_come and understood

    @property
    def takes_back_in(self) -> str | None:
        """The language, as a two-letter code, in which a yes can be taken back aloud just now; None while it cannot.

        It cannot before the talk, since nothing is recognised in it, nor before the language is known.
        """
        known = self._language_known and not self.checking_in
        return self._settings.language if known and self.takes_back_aloud else None

    def hop(self, block: Block, read: Samples | None = None) -> list[Event]:
        """Takes one hop, float32 (HOP, channels). Words are recognised in `read`, of the same shape, if it is given."""
        self.now = block.end
        self.memory.keep(block if read is None else Block(block.start, read))
        events = hear(self.ear, block)
        if not self._language_known:
            events[:0] = self._know_language(block.start)
        if self._unread:
            events.insert(0, Notice(at=block.start, text=self._unread))
            self._unread = ""
        if self.now % CONFIG.meter < HOP:
            events.append(InputLevel(at=self.now, dbfs=self.ear.dbfs))
        if self._beginning is not None:
            return self._check_in(self._beginning, events)
        return self._follow(events)

    def outside(self, event: Event) -> list[Event]:
        """Takes an event of the source between hops. Returns all events that follow; lost sound closes open speech."""
        closed: list[Event] = []
        if isinstance(event, AudioGap | DeviceLost):
            heard = hear(self.ear, event)
            closed = self._follow(heard) if self._beginning is None else self._check_in(self._beginning, heard)
        self.tell(event)
        if isinstance(event, AudioGap):
            self.now = max(self.now, event.span.end)
        return [*closed, event]

    def tell(self, event: Event) -> None:
        """Takes any event, including those that do not come from hearing, such as a key or a cue that was played."""
        if isinstance(event, Hushed):
            self.hushed = event.on
        self.speech = self.speech.after(event)
        self._tracker.hear(event, self.speech)
        self._coach.hear(event)
        self._take_back(event)

    def lose_words(self) -> None:
        """Goes on without the recogniser. Words that are still due will never come."""
        self._owed.clear()
        self._words_come = False
        self._coach.lose_words()

    def speak(self, catalogue: Catalogue) -> None:
        """Words cues as in `catalogue` from now on, such as that of the language in a `LanguageFound`."""
        self._coach.speak(catalogue)

    def skip_check_in(self) -> list[Event]:
        """Skips the current phase: the check-in, or the rest of the guided beginning."""
        if self._beginning is None:
            return []
        told = self._beginning.skip(self.now)
        return self._begin_talk(told) if self._beginning.done else told

    def finish(self, reason: str, progress: Callable[[int, int], None] | None = None) -> list[Event]:
        """Ends the session: open speech closes, and deferred words are recognised, which may take a yes back."""
        events = self.ear.finish()
        ended = Ended(at=self.now, reason=reason)
        if self._beginning is not None:
            events = [event for event in events if not isinstance(event, Speech | SpeechOn)]
        else:
            events = self._follow(events)
            self.speech = self.speech.after(ended)
            self._recognise(self._endpointer.hear(ended, self.speech))
            if self._recogniser is not None:
                results = self._recogniser.finish(progress)
                events += self._know_language(self.now) if results and not self._language_known else []
                for result in results:
                    words = self._words(result)
                    self._take_back(words)
                    events += [words, *self._stopped()]
            events += self._coach.finish(self.now)
        return [*events, ended]

    # ---------------------------------------------------------------------------------------------- check-in

    def _check_in(self, beginning: Phase, heard: list[Event]) -> list[Event]:
        """During the check-in, speech is attributed to nobody and does not count."""
        events = [event for event in heard if not isinstance(event, Speech | SpeechOn)]
        for event in events:
            self.speech = self.speech.after(event)
            beginning.hear(event, self.speech)
        self.speech = self.speech.at(self.now)
        told = beginning.tick(self.speech)
        if beginning.done:
            told = self._begin_talk(told)
        return events + told

    def _begin_talk(self, told: list[Event]) -> list[Event]:
        self._beginning = None
        self._coach.begin(self.now)
        return told

    # ---------------------------------------------------------------------------------------------- the language

    def _know_language(self, at: int) -> list[Event]:
        """Once the recogniser knows the language, everything follows it from the sample `at` on."""
        found = ASSUMED if self._recogniser is None else self._recogniser.language
        if found is None:
            return []
        self._language_known = True
        self._settings = replace(self._settings, language=found.code)
        if self._own_understanding:
            self._understanding = Understanding(found.code)
        texts = [_about_language(found), self._fault_in_language(), self._not_understood()]
        known = LanguageFound(at=at, language=found.code, heard=found.heard, sure=found.sure)
        return [known, *(Notice(at=at, text=text) for text in texts if text)]

    def _fault_in_language(self) -> str:
        """The mistake for which a language that was found is not understood as its folder says; empty if none."""
        try:
            check_understood(self._settings.language)
        except BadSetting as error:
            return str(error)
        return ""

    def _not_understood(self) -> str:
        """What is said of the words in this language, if any are recognised; empty if all are understood."""
        return not_understood(self._settings.language) if self._recogniser is not None else ""

    # ------------------------------------------------------------------------------------------------- the talk

    def _follow(self, events: list[Event]) -> list[Event]:
        """The events of this hop, and what follows from them."""
        for event in events:
            self.tell(event)
            self._recognise(self._endpointer.hear(event, self.speech))
            if isinstance(event, Speech):  # perhaps their last words for now: their span then needs no more sound
                self._foresee(self._endpointer.foreseen(event.who, self.speech))
            self._read_command(self._command_window.hear(event, self.speech))
        self.speech = self.speech.at(self.now)
        self._recognise(self._endpointer.tick(self.speech))
        told = events + self._read()
        for taken in self._tracker.tick(self.speech):
            self.tell(taken)
            told.append(taken)
        decided = self._coach.tick(self.speech)
        for cue in decided:
            if isinstance(cue, Cue) and cue.given and cue.kind in (ASK, "inward") and cue.to is not None:
                self._runs.reset(cue.to)  # an invitation ends the story: what comes after it is another one
                self._consider(cue.to)
        return told + decided

    def _recognise(self, spans: list[tuple[str, Span]]) -> None:
        if self._recogniser is None:
            return
        for who, span in spans:
            sound = self.memory.cut(who, span)
            if len(sound):
                self._owed.append((who, span))
                self._recogniser.submit(Job(who, span, sound))

    def _foresee(self, spoken: tuple[str, Span] | None) -> None:
        """Lets the recogniser start on the span that will probably be submitted next."""
        if self._recogniser is not None and spoken is not None:
            self._recogniser.foresee(Job(*spoken, self.memory.cut(*spoken)))

    def _read_command(self, spoken: Span | None) -> None:
        """Lets the recogniser work on a span that may be a command to the coach, from any speaker."""
        if self._recogniser is not None and spoken is not None:
            self._recogniser.command(Job(UNKNOWN, spoken, self.memory.cut(UNKNOWN, spoken)))

    def _read(self) -> list[Event]:
        if self._recogniser is None:
            return []
        events = [wish for result in self._recogniser.ahead() for wish in self._obey(result.text)]
        for result in self._recogniser.results():
            words = self._words(result)
            events.append(words)
            self.tell(words)
            self._runs.hear(words)
            self._sharers.add(words.who)
            for who in self._sharers:  # one person's telling may end another's run
                self._consider(who)
            events += self._asked(words) + self._stopped()
            self._owed = [(who, span) for who, span in self._owed if who != words.who or span not in words.span]
        if self._language_known and self.now % CONFIG.look_behind < HOP:
            behind = max((self.now - span.end for _, span in self._owed), default=0)
            events.append(Lag(at=self.now, stage="words", behind=behind))
        return events

    def _asked(self, words: Words) -> list[Event]:
        """Obeys a command in `words`, or in these and the words just before, which may be another speaker's."""
        before, self._latest = self._latest, words
        together = as_one(before, words)
        return self._obey((words.text or "") if together is None else together)

    def _obey(self, text: str) -> list[Event]:
        """Obeys "coach, quiet" and "coach, go on"."""
        wish = wish_in(text, self._settings.language)
        if wish in (None, "stop") or (wish == "quiet") == self.hushed:
            return []
        hushed = Hushed(at=self.now, on=wish == "quiet")
        self.tell(hushed)
        return [hushed]

    def _take_back(self, event: Event) -> None:
        if (who := self._taking_back.hear(event, self.speech, self._settings.language)) is not None:
            self._taken_back.append(who)

    def _stopped(self) -> list[Event]:
        """Each yes that was taken back aloud, or once a line on why that does not count."""
        taken_back, self._taken_back = self._taken_back, []
        if self._aloud:
            return [Consented(at=self.now, who=who, to=LISTEN, yes=False, how=VOICE) for who in taken_back]
        if self._aloud is None or not taken_back:
            return []
        self._aloud = None  # said once
        return [Notice(at=self.now, text=Message("notice.not_agreed"))]

    def _consider(self, who: str) -> None:
        """Reports the current run of `who` to the coach."""
        run = self._runs.estimate(who)
        self._coach.consider(
            SharingRun(
                who=who,
                span=run.span,
                speech=run.speech,
                sentences=run.sentences,
                p_event=run.p_event,
                events=run.events,
                story=run.span.start,  # the start of a run identifies it
            )
        )

    def _words(self, result: Result) -> Words:
        return self._understanding.words(self.now, result.who, result.span, result.text)


def _about_language(found: SpokenLanguage) -> Message:
    """What people are told of the language that was found or assumed."""
    heard = round(as_seconds(found.heard))
    if found.sure:
        return Message("notice.language_found", language=found.code, s=heard)
    if found.heard:
        return Message("notice.language_not_found", language=found.code, s=heard)
    return Message("notice.language_not_sought", language=found.code)
