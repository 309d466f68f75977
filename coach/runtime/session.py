"""The paced driver: a session in real time, from a microphone or a file, with everything around the pipeline.

    source ─► own voice out ─► pipeline ─► events ─┬─► store thread
                  ▲                                ├─► screen
    player ◄─ voice thread ◄─── Cue ───────────────┘

Apart from the threads named here, everything happens on the thread that calls `LiveSession.run`, the ear thread. Keys
and other threads put their requests into a queue, which the ear thread reads once a hop, and ten times a second while
no sound arrives.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from queue import SimpleQueue
from typing import Literal

import numpy as np

from coach.asr import Worker
from coach.audio import Block, Clock, ResidualEchoGate, Samples, Source, Waiting, hops, paced
from coach.coaching import Catalogue
from coach.core.errors import BadSetting
from coach.core.events import (
    UNKNOWN,
    AudioGap,
    Consented,
    Cue,
    CueFailed,
    CuePlayed,
    Ended,
    Event,
    Hushed,
    Lag,
    LanguageFound,
    Marked,
    Notice,
    TakenUp,
)
from coach.core.messages import Message
from coach.core.span import HOP, RATE, Span, as_samples
from coach.cues import LISTENED_TO, CueLoudness, CueOutput, CueSounds, foreign
from coach.runtime.exercise import Talk
from coach.runtime.opening import HOW_TO_STOP, Opening
from coach.runtime.phases import InTurn
from coach.runtime.pipeline import CONFIG as PIPELINE
from coach.runtime.pipeline import Pipeline
from coach.runtime.plan import Plan
from coach.runtime.relief import Relief
from coach.sessions import LISTEN, VOICE, Recorder, SessionHeader

Command = Literal["hush", "mark", "yes", "skip", "end"]
Show = Callable[[Event], None]
Prompt = Callable[[str], None]
Progress = Callable[[int, int], None]
Wordings = Callable[[str], tuple[Catalogue, CueSounds]]  # by a language's two-letter code
Erase = Callable[[int, str | None], None]  # of a session in the store, the words of one person or of all, and the sound
LEFT_OUT = "gap.late"  # the message why hearing left sound out


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionConfig:
    """How late hearing may be. Times are samples."""

    too_late: int = RATE // 2  # sound that waits for the ear, beyond which the ear leaves out what waits


CONFIG = SessionConfig()


class Inbox:
    """Requests from keys and other threads, until the ear thread reads them. Safe from any thread."""

    def __init__(self) -> None:
        self._wanted: SimpleQueue[Command | Notice | Consented] = SimpleQueue()

    def command(self, command: Command) -> None:
        """Requests what a key stands for; `LiveSession.command` says what."""
        self._wanted.put(command)

    def withdraw(self, said: Consented) -> None:
        """Requests the end, because somebody no longer agrees."""
        self._wanted.put(said)

    def notice(self, text: str) -> None:
        """Requests one line to be shown to the people in the room."""
        self._wanted.put(Notice(at=0, text=text))

    def taken(self) -> Iterator[Command | Notice | Consented]:
        """The requests since the last call, one at a time. Those that the caller does not take remain in the queue."""
        while not self._wanted.empty():
            yield self._wanted.get_nowait()


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a session, already started; `build_session` makes them, and `LiveSession.run` closes them.

    `words` is None without a recogniser, `gate` if the coach is inaudible, and `beginning` if people do not say
    something in turn at first.
    """

    source: Source
    words: Worker | None
    output: CueOutput
    gate: ResidualEchoGate | None
    exercise: Talk
    opening: Opening
    beginning: InTurn | None
    pipeline: Pipeline
    relief: Relief
    recorder: Recorder
    inbox: Inbox


class LiveSession:
    """One session, from the first block to the end. `build_session` makes it; call `run` once, on one thread.

    `show` gets every event and `prompt` every text that asks people for something ("" when it is over), both on the
    thread of `run`. `wordings` returns the sounds and catalogue of another language, once one is found. `erase` erases
    what is stored. Times are samples at 16 kHz since the first block.
    """

    def __init__(
        self,
        plan: Plan,
        parts: Parts,
        *,
        catalogue: Catalogue,
        show: Show,
        prompt: Prompt,
        clock: Clock,
        erase: Erase,
        consents: tuple[Consented, ...] = (),
        wordings: Wordings | None = None,
    ) -> None:
        self.parts = parts
        self._plan, self._catalogue, self._show, self._prompt, self._clock = plan, catalogue, show, prompt, clock
        self._consents, self._wordings, self._erase = consents, wordings, erase
        self._withdrawing = threading.Lock()  # guards the next two
        self._withdrawn: list[str] = []  # who surely took their yes back; nothing takes a name out again
        self._settled = False  # what was kept of them is erased, so that of anybody later goes at once
        self.stopped_aloud = False  # somebody asked aloud to stop, whether or not it is sure who
        self._loudness = CueLoudness()
        self._prompted = ""
        self._reason = Message("ended.sound")
        self._stopping = False  # somebody no longer agrees
        self._told_how = False  # people know that a yes may be taken back aloud
        self._passed = 0  # the samples up to here were heard, or skipped while no sound arrived
        self._left_out: Span | None = None  # the sound that hearing is leaving out just now, to catch up
        self._latest = 0  # the latest `at` of all events so far; events that come without sound are not older

    @property
    def number(self) -> int | None:
        """The session's number in the store; None if it could not be stored."""
        return self.parts.recorder.session

    @property
    def catalogue(self) -> Catalogue:
        """The wordings of cues and lines, in the language that is known by now."""
        return self._catalogue

    @property
    def header(self) -> SessionHeader:
        """What is known of the session since its beginning, whether or not it is stored."""
        return self.parts.recorder.header

    @property
    def unstored(self) -> tuple[Event, ...]:
        """The last events, which could not be stored; complete after `run`."""
        return self.parts.recorder.unstored

    @property
    def missing(self) -> int:
        """How many of the last events the store lacks; complete after `run`."""
        return len(self.parts.recorder.unstored) + self.parts.recorder.dropped

    def command(self, command: Command) -> None:
        """Requests what a key stands for. Safe from any thread.

        "hush" hushes or unhushes, "yes" answers the coach's rising tone, "skip" leaves the check-in.
        """
        self.parts.inbox.command(command)
        if command == "end":
            self.parts.source.close()  # it may be waiting for a missing microphone

    def withdraw(self, who: str, how: str) -> None:
        """Ends the session because `who` no longer agrees. Safe from any thread.

        `settle` erases what was kept; after that, this does. Then it raises what `erase_withdrawn` raises.
        """
        settled = self._count_out(who)
        self.parts.inbox.withdraw(Consented(at=0, who=who, to=LISTEN, yes=False, how=how))
        self.parts.source.close()
        if settled:
            self.erase_withdrawn()

    @property
    def withdrawn(self) -> tuple[str, ...]:
        """Who surely took their yes back, in the order in which they did."""
        with self._withdrawing:
            return tuple(self._withdrawn)

    def erase_withdrawn(self) -> None:
        """Erases all sound, and the words of those who took their yes back; with one microphone, everybody's words.

        Call it after `run`. Raises CoachError if the store cannot be written.
        """
        with self._withdrawing:
            self._settled = True
            names: list[str | None] = list(self._withdrawn)
        if self.number is None or not names:
            return
        for who in [None] if self.one_microphone else names:
            self._erase(self.number, who)

    def _count_out(self, who: str) -> bool:
        """Remembers that `who` took their yes back. Returns whether that comes after what was kept was erased."""
        with self._withdrawing:
            if who not in self._withdrawn:
                self._withdrawn.append(who)
            return self._settled

    @property
    def takes_back_aloud(self) -> bool:
        """Whether a yes may be taken back aloud in the talk: all have agreed to that, and words are recognised.

        It may cease to be true: words may be lost, or a language found that has no commands. Safe from any thread.
        """
        rehearsed = self._plan.played_back and self.parts.opening.aloud  # shown as it would be in a room
        return rehearsed or self.parts.pipeline.takes_back_aloud

    @property
    def one_microphone(self) -> bool:
        """Whether everybody speaks into the same microphone."""
        return not self._plan.channels

    def run(self, progress: Progress | None = None) -> None:
        """Listens until the source ends, the time is up or `command("end")`; then recognises the remaining words.

        `progress` takes the number of spans that are recognised by then, and of all. All parts are closed
        afterwards, in any case. A full disk raises nothing (`unstored`); what `show` or a part raises ends the session
        and is raised, after what was kept of those who took their yes back was erased.
        """
        try:
            self._run(progress)
        except BaseException:
            self.erase_withdrawn()
            raise

    def _run(self, progress: Progress | None) -> None:
        try:
            self._open()
            for item in self._items():
                if isinstance(item, Block):
                    self._take(item)
                elif isinstance(item, Waiting):
                    self._pass(item.at)
                    self._report()
                else:
                    self._outside(item)
                if self._obey():
                    break
        except BaseException as fault:
            self._reason = Message("ended.fault", what=type(fault).__name__)
            raise
        finally:
            try:
                self.parts.source.close()
                self._in_time_again()
                self._obey()
                self._finish(progress)
            finally:
                self._close()

    def _finish(self, progress: Progress | None) -> None:
        """Tells the last events. What anybody says or taps by then counts, and is the reason why it ends."""
        *events, ended = self.parts.pipeline.finish(self._reason, progress)
        self._tell(events)
        now = max(self.parts.pipeline.now, self._latest)
        for left in self.parts.inbox.taken():
            if isinstance(left, Notice | Consented):
                self._tell([replace(left, at=now)])
        self._tell([replace(ended, reason=self._reason) if isinstance(ended, Ended) else ended])

    def _close(self) -> None:
        """Ends the threads. The store's thread ends last, so that it keeps the last events of the others."""
        with ExitStack() as open_parts:
            open_parts.callback(self.parts.recorder.close)
            if self.parts.words:
                open_parts.callback(self.parts.words.close)
            self.parts.output.close()
            if self.parts.words:
                self._tell([Notice(at=self._latest, text=text) for text in self.parts.words.notices()])
        self._last_notices()

    # ----------------------------------------------------------------------------------------------- one hop

    def _items(self) -> Iterator[Block | Event]:
        blocks = self.parts.source.blocks()
        return hops(paced(blocks, self._clock) if self._plan.played_back else blocks)

    def _take(self, block: Block) -> None:
        """Hears `block`, or leaves it out if hearing is too late. A recording that people keep has no gap there."""
        behind = self.parts.source.behind
        if self._left_out is None and behind <= CONFIG.too_late:
            self._hop(block)
            if not self._plan.played_back:
                now = self.parts.pipeline.now
                self._tell(self.parts.relief.hop(now, behind))
                if now % PIPELINE.look_behind < HOP:
                    self._tell([Lag(at=now, stage="ear", behind=behind)])
            return
        self.parts.recorder.sound(block.start, block.samples)
        span = Span(block.start, block.end)
        self._left_out = span if self._left_out is None else self._left_out | span
        if behind < HOP:
            self._in_time_again()

    def _in_time_again(self) -> None:
        if self._left_out is not None:
            gap, self._left_out = self._left_out, None
            self._outside(AudioGap(at=gap.end, span=gap, reason=Message(LEFT_OUT)))

    def _hop(self, block: Block) -> None:
        self._pass(block.start)
        far = self.parts.output.reference(HOP)
        self._passed = block.end
        read = None
        if self.parts.gate is not None:
            cleaned = self.parts.gate.hop(block.samples, far)
            if self.parts.gate.double_talk:
                self.parts.output.give_way()
            self._suit_the_room(block, far)
            read = self.parts.gate.spoken(gives_way=not self.parts.output.announcing)
            block = Block(block.start, cleaned)
        self.parts.recorder.sound(block.start, block.samples)
        self._follow(self.parts.pipeline.hop(block, read))
        for line in self.parts.exercise.lines():
            self.parts.output.say(line.kind, line.text)
        self._tell_how_to_stop()
        self._report()

    def _tell_how_to_stop(self) -> None:
        """Says and shows once that a yes may be taken back aloud, as soon as that is true and nobody speaks."""
        pipeline = self.parts.pipeline
        if self._told_how or pipeline.speech.somebody or pipeline.takes_back_in != self._catalogue.language:
            return
        self._told_how = True
        text = self._catalogue.line(HOW_TO_STOP)
        self._tell([Notice(at=pipeline.now, text=text)])
        if self.parts.opening.announced:
            self.parts.output.say(HOW_TO_STOP, text)

    def _pass(self, to: int) -> None:
        """Lets time pass up to the sample `to` without sound from the microphone. Playback goes on."""
        if to > self._passed:
            self.parts.output.skip(to - self._passed)
            self._passed = to

    def _report(self) -> None:
        """Reports cues that have ended and notices, and shows the prompt."""
        now = max(self.parts.pipeline.now, self._latest)
        for played in self.parts.output.finished():
            if self._catalogue[played.name].form == "line":
                if played.failed and played.name in LISTENED_TO and played.name != HOW_TO_STOP:  # that one is shown
                    self._tell([Notice(at=now, text=self._catalogue.line(played.name))])  # people can at least read it
                continue
            if played.failed:
                self._tell([CueFailed(at=now, kind=played.name, reason=played.failed)])
            else:
                span = Span(max(0, now - played.samples), now)
                self._tell([CuePlayed(at=now, kind=played.name, span=span, cut=played.cut)])
        lost = self.parts.words.notices() if self.parts.words else []
        if lost:
            self.parts.pipeline.lose_words()
        self._tell([Notice(at=now, text=text) for text in [*self.parts.output.notices(), *lost]])
        self._show_prompt()

    def _suit_the_room(self, block: Block, far: Samples) -> None:
        """Measures the loudness of talk, room and cues at the microphone, and derives the gain of the next cue."""
        near = float((block.samples.astype(np.float64) ** 2).mean(axis=0).max())
        handed = float((far.astype(np.float64) ** 2).mean())
        self._loudness.hear(near, handed, somebody_speaks=self.parts.pipeline.speech.somebody)
        self.parts.output.room_db = self._loudness.gain_db

    def _follow(self, events: list[Event]) -> None:
        """Passes on the events of a hop, and the state of speech to the voice thread."""
        self.parts.output.follow(self.parts.pipeline.speech)
        self._tell(events)

    def _tell(self, events: list[Event]) -> None:
        """Passes events on: all to the store and the screen, cues to the voice thread."""
        for event in events:
            self._latest = max(self._latest, event.at)
            match event:
                case Cue(given=True, kind=kind, text=text):
                    self.parts.output.say(kind, text)
                case Hushed(on=on):
                    self.parts.output.hush(on)
                case CuePlayed() | CueFailed():
                    self.parts.pipeline.tell(event)
                case LanguageFound(language=language, sure=True):  # an assumption is no reason to change the voice
                    self._speak(language)
                case Consented(to=to, yes=False) if to == LISTEN:
                    self._take_back(event)
            self.parts.recorder.put(event)
            self._show(event)

    def _take_back(self, said: Consented) -> None:
        """Somebody no longer agrees, so it ends. Words and sound are erased only if it is sure who.

        Of several, each counts: an unsure voice takes nothing from whoever surely took their yes back.
        """
        self.stopped_aloud = self.stopped_aloud or said.how == VOICE
        if said.who != UNKNOWN:
            self._count_out(said.who)
        self._reason = _asked_by(self.withdrawn)
        self._stopping = True

    def _speak(self, language: str) -> None:
        """Words and speaks cues in `language`, or in English if there are no wordings in it, and then says so."""
        if self._wordings is None:
            return
        settings = replace(self._plan.settings, language=language)
        try:
            catalogue, sounds = self._wordings(language)
        except BadSetting as error:  # the person's own wordings in this language
            self.notice(str(error))
            return
        self._catalogue = catalogue
        self.parts.pipeline.speak(catalogue)
        self.parts.output.speak(sounds, catalogue, replace(self.parts.opening, catalogue=catalogue).in_the_talk)
        if line := foreign(settings):
            self.notice(line)

    def _outside(self, event: Event) -> None:
        """Handles an event of the source: a device that comes or goes, or lost sound."""
        self._in_time_again()
        self._follow(self.parts.pipeline.outside(event))

    # ---------------------------------------------------------------------------------------- keys and notices

    def _obey(self) -> bool:
        """Carries out the requests since the last hop. Returns whether the session should end."""
        if self._stopping:
            return True
        for wanted in self.parts.inbox.taken():
            now = max(self.parts.pipeline.now, self._latest)
            if isinstance(wanted, Notice):
                self._tell([Notice(at=now, text=wanted.text)])
            elif isinstance(wanted, Consented):
                self._tell([replace(wanted, at=now)])
                return True
            elif wanted == "hush":
                self._happened(Hushed(at=now, on=not self.parts.pipeline.hushed))
            elif wanted == "mark":
                self._happened(Marked(at=now))
            elif wanted == "yes":
                self._happened(TakenUp(at=now))
            elif wanted == "skip":
                self._tell(self.parts.pipeline.skip_check_in())
            else:
                self._reason = Message("ended.hand")
                return True
        if self._plan.minutes and self._passed >= as_samples(60 * self._plan.minutes):
            self._reason = Message("ended.time")
            return True
        if self.parts.exercise.over and not self.parts.output.busy:
            self._reason = Message("ended.turns")
            return True
        return False

    def _last_notices(self) -> None:
        """Shows the store's last notices, which can no longer be stored."""
        for left in self.parts.inbox.taken():
            if isinstance(left, Notice):
                self._show(Notice(at=self.parts.pipeline.now, text=left.text))

    def _happened(self, event: Event) -> None:
        self.parts.pipeline.tell(event)
        self._tell([event])

    def notice(self, text: str) -> None:
        """Shows one line to the people in the room. Safe from any thread."""
        self.parts.inbox.notice(text)

    # ------------------------------------------------------------------------------------------------ opening

    def _open(self) -> None:
        self._tell(list(self._consents))
        announced, keep = self.parts.opening.announced, self._plan.settings.keep
        for kind, text in announced:
            self.parts.output.say(kind, text)
        if not announced and keep != "stats":
            self._tell([Notice(at=0, text=self._catalogue.line(f"keep_{keep}"))])
        if self._plan.attribution == "none":
            self._tell([Notice(at=0, text=Message("notice.nobody_enrolled"))])
        if self._plan.played_back and self.parts.opening.line:
            self._show(Notice(at=0, text=self.parts.opening.line.text))

    def _show_prompt(self) -> None:
        prompt = ""
        if self.parts.beginning is not None and self.parts.pipeline.checking_in:
            announced = " ".join(text for _, text in self.parts.opening.announced)
            prompt = announced if self.parts.output.announcing else self.parts.beginning.prompt
        if prompt != self._prompted:
            self._prompted = prompt
            self._prompt(prompt)


def _asked_by(people: tuple[str, ...]) -> Message:
    """Why a session ended that `people` surely asked to stop; none of them if it is not sure who did."""
    if not people:
        return Message("ended.somebody")
    return Message("ended.asked" if len(people) == 1 else "ended.asked_together", who=people)
