"""The paced driver: a session in real time, from a microphone or a file, with everything around the table.

    source ─► own voice out ─► table ─► events ─┬─► store thread
                  ▲                             ├─► whoever shows them
    player ◄─ voice thread ◄─── Cue ────────────┘

All but the threads named here happens on the thread that calls `LiveSession.run`: the ear thread. Keys and other
threads leave what they want in a queue; it is looked at once a hop, and ten times a second while no sound comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Literal

import numpy as np

from coach.asr import Transcriber, Worker
from coach.audio import Block, Clock, ResidualEchoGate, Samples, Source, Speaker, Waiting, hops, paced
from coach.coaching import Catalogue
from coach.core.events import (
    AudioGap,
    Cue,
    CueFailed,
    CuePlayed,
    Event,
    Hushed,
    Lag,
    Marked,
    Notice,
)
from coach.core.span import HOP, RATE, Span, as_samples
from coach.cues import LISTENED_TO, CueLoudness, CueOutput, CueSounds
from coach.hearing import SILERO, ChannelEar, Detector, Ear, Senses
from coach.runtime.check_in_phase import CheckInPhase
from coach.runtime.exercise import exercise
from coach.runtime.phases import FirstWords, Guided, InTurn, Phase
from coach.runtime.pipeline import Pipeline
from coach.runtime.plan import Plan
from coach.sessions import Recorder, SessionHeader, Store

Command = Literal["hush", "mark", "skip", "end"]
Show = Callable[[Event], None]
Prompt = Callable[[str], None]
Progress = Callable[[int, int], None]
TOO_LATE = RATE // 2  # samples that wait for the ear, beyond which it leaves out what waits
LOOK_BEHIND = RATE  # samples between two looks at how late the ear is
LEFT_OUT = "hearing was late: the machine is too busy with something else"
NO_NAMES = (
    "nobody is enrolled: with one microphone the coach cannot tell who speaks, so there will be no cue for answering "
    "too soon; pauses are counted all the same"
)


class LiveSession:
    """One session, from the first block to the end. Build it, then `run` it on one thread.

    `show` gets every event, `prompt` what to show while voices are learnt ("" when that is over).
    """

    def __init__(
        self,
        plan: Plan,
        *,
        source: Source,
        speaker: Speaker,
        sounds: CueSounds,
        catalogue: Catalogue,
        transcriber: Transcriber | None,
        store: Store,
        show: Show,
        prompt: Prompt = lambda text: None,
        clock: Clock | None = None,
        detector: Detector = SILERO,
    ) -> None:
        self._plan, self._source, self._catalogue = plan, source, catalogue
        self._show, self._prompt = show, prompt
        self._clock = clock or Clock()
        self._commands: SimpleQueue[Command | Notice] = SimpleQueue()
        self._prompted = ""
        self._reason = "the sound ended"
        self._passed = 0  # the samples up to here were heard, or their time is over
        self._left_out: Span | None = None  # what the ear is leaving out just now, to be in time again
        self._told = 0  # the latest `at` that was told: what happens outside the sound is not older
        self._words = Worker(transcriber) if transcriber else None
        self._exercise = exercise(plan, catalogue, words_on=transcriber is not None)
        self._mouth = CueOutput(
            speaker,
            sounds,
            catalogue,
            ahead=[*([] if plan.played_back else [*self._announced(), *self._first_lines()]), *self._cues()],
            gain_db=plan.settings.volume_db,
            heard=not plan.played_back,
        )
        self._own_voice = None if plan.played_back else ResidualEchoGate(source.channels)
        self._loudness = CueLoudness()
        ear: Ear | ChannelEar
        if plan.channels:
            ear = ChannelEar(dict(plan.channels), detector)
        elif plan.question:
            ear = Ear(everyone=plan.people[0], senses=Senses(detector))
        else:
            ear = Ear(dict(plan.voices), senses=Senses(detector))
        phases = self._phases()
        if plan.asked and isinstance(ear, Ear):
            phases.insert(0, CheckInPhase(ear, plan.people, catalogue, self._mouth))
        self._beginning = InTurn(phases) if phases else None
        self._table = Pipeline(
            ear,
            plan.settings,
            plan.people,
            catalogue=catalogue,
            recogniser=self._words,
            columns=plan.channels,
            beginning=self._beginning,
            coach=self._exercise.coach,
        )
        self._recorder = Recorder(
            store,
            SessionHeader(
                people=plan.people,
                keep=plan.settings.keep,
                source=source.name,
                channels=source.channels,
                attribution=plan.attribution,
                transcriber=transcriber.name if transcriber else "none",
                settings=plan.settings.as_dict(),
                version=plan.version,
            ),
            self.notice,
            keep_days=plan.settings.keep_days,
        )

    @property
    def number(self) -> int | None:
        """The session's number in the store; None while it could not be stored."""
        return self._recorder.session

    def command(self, command: Command) -> None:
        """What a key asks for: hush or go on, mark this moment, skip the check-in, end. From any thread."""
        self._commands.put(command)
        if command == "end":
            self._source.close()  # it may be waiting for a microphone that is away

    def run(self, progress: Progress | None = None) -> None:
        """Listens until the source ends, the time is up or `command("end")`; then reads words that are left."""
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
            self._reason = f"a fault: {type(fault).__name__}"
            raise
        finally:
            self._source.close()
            try:
                self._in_time_again()
                self._obey()
                self._tell(self._table.finish(self._reason, progress))
            finally:
                self._close()

    def _close(self) -> None:
        """Ends the threads, the store's last, so that whatever there was to say is kept."""
        self._mouth.close()
        if self._words:
            self._tell([Notice(at=self._told, text=text) for text in self._words.notices()])
            self._words.close()
        self._recorder.close()
        self._last_notices()

    # ----------------------------------------------------------------------------------------------- one hop

    def _items(self) -> Iterator[Block | Event]:
        blocks = self._source.blocks()
        return hops(paced(blocks, self._clock) if self._plan.played_back else blocks)

    def _take(self, block: Block) -> None:
        """Hears `block`, unless so much waits behind it that it is left out. What is kept, is kept without a gap."""
        behind = self._source.behind
        if self._left_out is None and behind <= TOO_LATE:
            self._hop(block)
            if not self._plan.played_back and self._table.now % LOOK_BEHIND < HOP:
                self._tell([Lag(at=self._table.now, stage="ear", behind=behind)])
            return
        self._recorder.sound(block.start, block.samples)
        span = Span(block.start, block.end)
        self._left_out = span if self._left_out is None else self._left_out | span
        if behind < HOP:
            self._in_time_again()

    def _in_time_again(self) -> None:
        if self._left_out is not None:
            gap, self._left_out = self._left_out, None
            self._outside(AudioGap(at=gap.end, span=gap, reason=LEFT_OUT))

    def _hop(self, block: Block) -> None:
        self._pass(block.start)
        far = self._mouth.reference(HOP)
        self._passed = block.end
        read = None
        if self._own_voice is not None:
            cleaned = self._own_voice.hop(block.samples, far)
            if self._own_voice.double_talk:
                self._mouth.give_way()
            self._suit_the_room(block, far)
            read = self._own_voice.spoken(gives_way=not self._mouth.announcing)
            block = Block(block.start, cleaned)
        self._recorder.sound(block.start, block.samples)
        self._follow(self._table.hop(block, read))
        for line in self._exercise.lines():
            self._mouth.say(line.kind, line.text)
        self._report()

    def _pass(self, to: int) -> None:
        """Time goes on up to `to`, though nothing is heard: what sounds, sounds on."""
        if to > self._passed:
            self._mouth.skip(to - self._passed)
            self._passed = to

    def _report(self) -> None:
        """What has happened beside the sound: cues that are over, notices, and what is to be said now."""
        now = max(self._table.now, self._told)
        for played in self._mouth.finished():
            if self._catalogue[played.name].form == "line":
                if played.failed and played.name in LISTENED_TO:
                    self._tell([Notice(at=now, text=self._catalogue.line(played.name))])  # read, if it is not heard
                continue
            if played.failed:
                self._tell([CueFailed(at=now, kind=played.name, reason=played.failed)])
            else:
                span = Span(max(0, now - played.samples), now)
                self._tell([CuePlayed(at=now, kind=played.name, span=span, cut=played.cut)])
        lost = self._words.notices() if self._words else []
        if lost:
            self._table.lose_words()
        self._tell([Notice(at=now, text=text) for text in [*self._mouth.notices(), *lost]])
        self._show_prompt()

    def _suit_the_room(self, block: Block, far: Samples) -> None:
        """Learns how loud talk, room and cues are at the microphone, and with that how loud the next cue is to be."""
        near = float((block.samples.astype(np.float64) ** 2).mean(axis=0).max())
        handed = float((far.astype(np.float64) ** 2).mean())
        self._loudness.hear(near, handed, somebody_speaks=self._table.speech.somebody)
        self._mouth.room_db = self._loudness.gain_db

    def _follow(self, events: list[Event]) -> None:
        """What came of a hop; a voice stops what the coach says."""
        self._mouth.follow(self._table.speech)
        self._tell(events)

    def _tell(self, events: list[Event]) -> None:
        """Everybody who has to know. Cues go to the voice thread."""
        for event in events:
            self._told = max(self._told, event.at)
            match event:
                case Cue(given=True, kind=kind, text=text):
                    self._mouth.say(kind, text)
                case Hushed(on=on):
                    self._mouth.hush(on)
                case CuePlayed() | CueFailed():
                    self._table.tell(event)
            self._recorder.put(event)
            self._show(event)

    def _outside(self, event: Event) -> None:
        """What the source has to say: devices that come and go, sound that was lost."""
        self._in_time_again()
        self._follow(self._table.outside(event))

    # ---------------------------------------------------------------------------------------- keys and notices

    def _obey(self) -> bool:
        """Does what was asked for since the last hop; whether the session is to end."""
        while not self._commands.empty():
            wanted = self._commands.get_nowait()
            now = max(self._table.now, self._told)
            if isinstance(wanted, Notice):
                self._tell([Notice(at=now, text=wanted.text)])
            elif wanted == "hush":
                self._happened(Hushed(at=now, on=not self._table.hushed))
            elif wanted == "mark":
                self._happened(Marked(at=now))
            elif wanted == "skip":
                self._tell(self._table.skip_check_in())
            else:
                self._reason = "ended by hand"
                return True
        if self._plan.minutes and self._passed >= as_samples(60 * self._plan.minutes):
            self._reason = "the time is up"
            return True
        if self._exercise.over and not self._mouth.busy:
            self._reason = "both had their turn"
            return True
        return False

    def _last_notices(self) -> None:
        """What the store had to say at the very end; it can be shown, no longer stored."""
        while not self._commands.empty():
            if isinstance(left := self._commands.get_nowait(), Notice):
                self._show(Notice(at=self._table.now, text=left.text))

    def _happened(self, event: Event) -> None:
        self._table.tell(event)
        self._tell([event])

    def notice(self, text: str) -> None:
        """One line for the people in the room. From any thread."""
        self._commands.put(Notice(at=0, text=text))

    # ------------------------------------------------------------------------------------------------ opening

    def _announced(self) -> list[tuple[str, str]]:
        """What everybody in the room is told before the coach listens. A recording's people cannot hear it."""
        if self._plan.played_back or self._plan.settings.cues == "none":
            return []
        consent = "consent_alone" if self._plan.question else "consent"
        return [(kind, self._catalogue.line(kind)) for kind in (consent, f"keep_{self._plan.settings.keep}")]

    def _first_lines(self) -> list[tuple[str, str]]:
        """What may have to be said before the talk, to be rendered in this order."""
        catalogue, opening = self._catalogue, self._exercise.opening
        asks = [
            ("checkin_ask", catalogue.line(kind, name=who))
            for kind in ("checkin_ask", "checkin_more", "checkin_again")
            for who in self._plan.people
        ]
        return [
            *(asks if self._plan.asked else []),
            *(("practice", text) for text in catalogue["practice"].wordings if self._plan.practice),
            *([(opening.kind, opening.text)] if opening else []),
        ]

    def _cues(self) -> list[tuple[str, str]]:
        """The spoken cues that may come, in all their wordings."""
        settings = self._plan.settings
        if settings.cues != "full":
            return []
        return [(kind, text) for kind, text in self._catalogue.spoken() if kind not in settings.cues_off]

    def _phases(self) -> list[Phase]:
        """What is said between the check-in and the talk; nothing to people in a recording."""
        phases: list[Phase] = []
        if self._plan.practice and not self._plan.played_back:
            phases.append(Guided("practice", self._catalogue["practice"].wordings, self._mouth))
        opening = self._exercise.opening
        if opening and not self._plan.played_back:
            phases.append(FirstWords(opening.kind, opening.text, self._mouth))
        return phases

    def _open(self) -> None:
        for kind, text in self._announced():
            self._mouth.say(kind, text)
        if not self._announced() and self._plan.settings.keep != "stats":
            self._tell([Notice(at=0, text=self._catalogue.line(f"keep_{self._plan.settings.keep}"))])
        if self._plan.attribution == "none":
            self._tell([Notice(at=0, text=NO_NAMES)])
        if self._plan.played_back and self._exercise.opening:
            self._show(Notice(at=0, text=self._exercise.opening.text))

    def _show_prompt(self) -> None:
        prompt = ""
        if self._beginning is not None and self._table.checking_in:
            announced = " ".join(text for _, text in self._announced())
            prompt = announced if self._mouth.announcing else self._beginning.prompt
        if prompt != self._prompted:
            self._prompted = prompt
            self._prompt(prompt)
