"""What a screen shows while the coach listens, computed from events alone: the terminal and the page show the same.

A `Viewer` takes every event of the session and returns a `View`, a frozen value with everything that a screen shows. It
uses no terminal and reads no clock. Its time is the latest `at` of all events, so the displayed silence grows with the
ten InputLevel events per second, and stops growing when no sound arrives.

A text may be a `Message`, which the page shows in its own language; the terminal shows its English.

Nothing in a view judges: it holds no counts, and a cue has no reason. Both belong to the review, afterwards. A cue and
a notice are shown for ten seconds.

    VoiceOn  SpeechOn      VoiceOff                     VoiceOn
       │        │ Ana          │ end                       │
    ───┴────────┴──────────────┴───────────────────────────┴───►
       a voice  Ana is heard     silence = at − end          silence is None
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import singledispatchmethod
from typing import Literal

from coach.coaching import ASK, ASKED
from coach.conversation import SpeechState
from coach.core.events import (
    UNKNOWN,
    AudioGap,
    Cue,
    CueFailed,
    DeviceLost,
    DeviceOpened,
    Ended,
    Enrolled,
    Event,
    FloorTaken,
    Hushed,
    InputLevel,
    Lag,
    Marked,
    Notice,
    Speech,
    SpeechOn,
    TakenUp,
)
from coach.core.invocation import as_called
from coach.core.messages import Message, changed
from coach.core.names import one_line
from coach.core.span import RATE, as_seconds


@dataclass(frozen=True, slots=True)
class ViewConfig:
    """What the bars show, and for how long cues and notices are shown."""

    quiet_db: float = -60.0  # dBFS; an empty bar: the noise of a quiet room
    loud_db: float = -15.0  # dBFS; a full bar: a person who speaks up close to the microphone
    fall: float = 0.8 / RATE  # of the bar per sample; it rises at once and sinks in about a second, for a calm picture
    notices: int = 4  # shown at most; older ones are in the store
    fades: int = 10 * RATE  # samples for which a cue and a notice are shown
    lag: int = RATE  # samples, from which a stage counts as late; recognition is often less than a second behind
    ear_lag: int = RATE // 5  # samples, the same for hearing, which is rarely late and never by more than half a second
    unnamed: int = RATE  # samples of a voice, after which the screen says that somebody speaks if it cannot say who
    unanswered: int = 30 * RATE  # samples of silence after a prompt, longer than any that the coach leaves by itself


CONFIG = ViewConfig()

Phase = Literal["starting", "check-in", "listening", "hushed", "lost", "ended"]


@dataclass(frozen=True, slots=True)
class Person:
    """One of the people: the level (0 to 1), whether they are speaking now, and whether they have the floor."""

    name: str
    level: float = 0.0
    heard: bool = False
    floor: bool = False
    learnt: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A line that is shown for a while: a notice, or the words of a cue (empty for a tone), from the sample `at` on."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything a screen shows, at sample `at`.

    `saying` is the text of the phase: the prompt of a check-in, or why the microphone was lost or the session ended.
    `room` is the level of the room, 0 to 1. `voice`: any voice is heard; `somebody`: one is heard that has no name,
    though a name would have come by now. `silence` is the number of samples for which nobody has spoken; it is None
    while somebody speaks, before anybody has spoken, and after sound was lost. `cue` is the cue that sounded a moment
    ago. `unanswered`: a prompt has waited for half a minute, and nobody has spoken. `asking`: a rising tone has asked
    whether an invitation is welcome, and the coach waits for a yes. `behind` is the lag of the slowest stage after the
    ear, `hearing_behind` that of the ear, both in samples; 0 if too small to mention.
    """

    at: int
    phase: Phase
    saying: str
    people: tuple[Person, ...]
    room: float
    voice: bool
    silence: int | None
    breath: int
    cue: Shown | None = None
    somebody: bool = False
    unanswered: bool = False
    asking: bool = False
    behind: int = 0
    hearing_behind: int = 0
    notices: tuple[Shown, ...] = ()


def worth_saying(lag: Lag) -> bool:
    """Whether the stage is far enough behind to mention."""
    return lag.behind >= (CONFIG.ear_lag if lag.stage == "ear" else CONFIG.lag)


class Viewer:
    """Takes events in the order of `at` and returns the current view.

    `breath` is the target breath in samples, at the beginning if it grows. `channels` maps each person with a separate
    microphone to its channel (from 0). For other people, the level of the room is shown while they speak.
    """

    def __init__(self, people: Sequence[str], breath: int, channels: Mapping[str, int] | None = None) -> None:
        self._names = tuple(people)
        self._breath = breath
        self._channels = dict(channels or {})
        self._prompt, self._prompted = "", 0  # and the sample from which it is shown
        self._opened = self._hushed = False
        self._lost = self._ended = ""
        self._speech = SpeechState(shared=not channels)
        self._levels = dict.fromkeys(self._names, 0.0)
        self._room = 0.0
        self._learnt: set[str] = set()
        self._floor: str | None = None
        self._cue: Shown | None = None
        self._asking = False
        self._failed: set[str] = set()  # reasons why cues could not be heard
        self._behind: dict[str, int] = {}
        self._notices: deque[Shown] = deque(maxlen=CONFIG.notices)

    def check_in(self, prompt: str) -> None:
        """Show `prompt` during the check-in; an empty one ends the check-in and begins the conversation."""
        self._prompt, self._prompted = one_line(prompt), self._at

    def hear(self, event: Event) -> None:
        """Takes one event. Levels fall with the time since the event before."""
        sunk = CONFIG.fall * max(0, event.at - self._at)
        self._speech = self._speech.after(event)
        self._room = max(0.0, self._room - sunk)
        self._levels = {name: max(0.0, level - sunk) for name, level in self._levels.items()}
        self._hear(event)

    def view(self) -> View:
        """What to show at the `at` of the latest event. Cues and notices are left out once they are old."""
        phase, saying = self._phase()
        silence = None if phase in ("check-in", "lost", "ended") else self._silence
        return View(
            at=self._at,
            phase=phase,
            saying=saying,
            people=tuple(self._person(name) for name in self._names),
            room=self._room,
            voice=self._speech.voice is not None,
            silence=silence,
            breath=self._breath,
            cue=self._cue if self._cue is not None and self._fresh(self._cue) else None,
            somebody=self._somebody,
            unanswered=phase == "check-in" and self._unanswered,
            asking=self._asking and phase == "listening",
            behind=max((b for stage, b in self._behind.items() if stage != "ear"), default=0),
            hearing_behind=self._behind.get("ear", 0),
            notices=tuple(notice for notice in self._notices if self._fresh(notice)),
        )

    @property
    def _at(self) -> int:
        return self._speech.now

    @property
    def _silence(self) -> int | None:
        """Samples of silence; None while somebody speaks, and if nobody has spoken since sound was last lost."""
        spoken, speech = self._speech.spoken_until, self._speech
        if speech.voice is not None or spoken is None or spoken <= speech.heard_from:
            return None
        return speech.now - speech.silent_since

    @property
    def _somebody(self) -> bool:
        speech = self._speech
        if not speech.somebody or not speech.speaking.isdisjoint(self._names):
            return False
        return speech.unnamed_since is None or speech.now - speech.unnamed_since >= CONFIG.unnamed

    @property
    def _unanswered(self) -> bool:
        waits_since = max(self._prompted, self._speech.silent_since)
        return not self._speech.somebody and self._at - waits_since >= CONFIG.unanswered

    def _person(self, name: str) -> Person:
        heard = name in self._speech.speaking
        return Person(name, self._levels[name], heard, name == self._floor, name in self._learnt)

    def _phase(self) -> tuple[Phase, str]:
        if self._ended:
            return "ended", self._ended
        if self._lost:
            return "lost", self._lost
        if self._prompt:
            return "check-in", self._prompt
        if not self._opened:
            return "starting", ""
        return ("hushed", "") if self._hushed else ("listening", "")

    def _note(self, text: str) -> None:
        self._notices.append(Shown(self._at, changed(changed(text, one_line), as_called)))

    def _fresh(self, shown: Shown) -> bool:
        return self._at < shown.at + CONFIG.fades

    def _nothing_sounds(self) -> None:
        self._room = 0.0
        self._levels = dict.fromkeys(self._names, 0.0)

    @singledispatchmethod
    def _hear(self, event: Event) -> None:
        """Update the view. Events that the screen does not show, such as Words, only move the time."""

    # ------------------------------------------------------------------------------------------------- voices

    @_hear.register
    def _(self, event: InputLevel) -> None:
        self._opened = True
        channels = [_bar(dbfs) for dbfs in event.dbfs]
        self._room = max([self._room, *channels])
        for name in self._names:
            own = self._channels.get(name)
            if own is not None and own < len(channels):
                self._levels[name] = max(self._levels[name], channels[own])
            elif own is None and name in self._speech.speaking:
                self._levels[name] = self._room

    @_hear.register
    def _(self, event: SpeechOn) -> None:
        self._first_floor(event.who)

    @_hear.register
    def _(self, event: Speech) -> None:
        self._first_floor(event.who)

    @_hear.register
    def _(self, event: Enrolled) -> None:
        self._learnt.add(event.who)

    # -------------------------------------------------------------------------------------------------- floor

    def _first_floor(self, who: str) -> None:
        """The first person to speak after the check-in has the floor. No event reports that."""
        if self._floor is None and who != UNKNOWN and not self._prompt:
            self._floor = who

    @_hear.register
    def _(self, event: FloorTaken) -> None:
        self._floor = event.who
        if event.breath is not None:
            self._breath = event.breath

    # --------------------------------------------------------------------------------------------------- cues

    @_hear.register
    def _(self, event: Cue) -> None:
        if event.kind == ASK:
            self._asking = event.given
        elif ASKED in event.because:  # the words for which it had asked, said or held back
            self._asking = False
        if event.given:
            self._cue = Shown(event.at, one_line(event.text) if event.form == "spoken" else "")

    @_hear.register
    def _(self, event: CueFailed) -> None:
        if event.reason not in self._failed:  # told once: the rest is in the review
            self._failed.add(event.reason)
            self._note(Message("notice.cue_unheard", reason=event.reason))

    @_hear.register
    def _(self, event: TakenUp) -> None:
        self._asking = False

    @_hear.register
    def _(self, event: Hushed) -> None:
        self._hushed = event.on

    @_hear.register
    def _(self, event: Marked) -> None:
        self._note(Message("notice.marked_note", note=event.note) if event.note else Message("notice.marked"))

    # ------------------------------------------------------------------------------------------------- system

    @_hear.register
    def _(self, event: DeviceOpened) -> None:
        self._opened, self._lost = True, ""

    @_hear.register
    def _(self, event: DeviceLost) -> None:
        self._lost = changed(event.reason, one_line) or Message("gone.silent")
        self._nothing_sounds()

    @_hear.register
    def _(self, event: AudioGap) -> None:
        self._nothing_sounds()
        lost = Decimal(f"{as_seconds(event.span.duration):.1f}")
        self._note(Message("notice.gap", s=lost, reason=event.reason))

    @_hear.register
    def _(self, event: Lag) -> None:
        self._behind[event.stage] = event.behind if worth_saying(event) else 0

    @_hear.register
    def _(self, event: Notice) -> None:
        self._note(event.text)

    @_hear.register
    def _(self, event: Ended) -> None:
        self._ended = changed(event.reason, one_line) or Message("ended.over")
        self._nothing_sounds()


def _bar(dbfs: float) -> float:
    """A level in dBFS as a share of the bar, 0 to 1; digital silence (−∞) is 0."""
    return min(1.0, max(0.0, (dbfs - CONFIG.quiet_db) / (CONFIG.loud_db - CONFIG.quiet_db)))
