"""The state of speech: who speaks, since when it is silent, who has the floor. One definition, for everybody.

`SpeechState` is a value. Whoever drives a conversation folds each event into it once, with `after`, and the time once a
hop, with `at`; all others read it. Two sources say that somebody speaks, and either is enough: `VoiceOn` is quick and
knows no name, `SpeechOn` knows the name and comes later. `VoiceOff` ends both, for then nobody speaks:

    anybody    VoiceOn ─┐            ┌─ VoiceOff
    Ana            ░░░░▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓      Speech: closes what SpeechOn opened
    SpeechOn ──────────┘ (0.5 s)            └────────► silence counts from the end of the voice, not from VoiceOff

Sound that nobody heard is not silence: after an `AudioGap`, silence counts from the end of the gap.

    voice      ▓▓▓▓▓▓
    heard      ─────────      ──────────►
    silence          ├──┤     ├─────────►

>>> state = SpeechState().after(VoiceOn(at=1600, onset=0)).after(VoiceOff(at=19200, end=16000)).at(32000)
>>> state.silence
16000
>>> state.after(AudioGap(at=64000, span=Span(32000, 64000), reason="overflow")).at(72000).silence
8000
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from coach.conversation.timing import DEFAULTS
from coach.core.events import (
    UNKNOWN,
    AudioGap,
    DeviceLost,
    DeviceOpened,
    Ended,
    Event,
    FloorTaken,
    Speech,
    SpeechOn,
    VoiceOff,
    VoiceOn,
)
from coach.core.span import Span


@dataclass(frozen=True, slots=True)
class OpenSpeech:
    """`who` has been speaking since `onset`; the `Speech` that closes it has not come yet. Times are samples.

    `told` is when this was first known, `confidence` how sure the name is, 0 to 1. When the voice has stopped,
    `silent_since` is its end and `silent_known` the sample at which that became known.
    """

    who: str
    onset: int
    confidence: float
    told: int
    silent_since: int | None = None
    silent_known: int = 0

    def silent(self, since: int, known: int) -> OpenSpeech:
        """The same when the voice has stopped; it stays as it is where it had stopped before."""
        if self.silent_since is not None:
            return self
        return replace(self, silent_since=max(self.onset, since), silent_known=known)


@dataclass(frozen=True, slots=True)
class SpeechState:
    """Everything that is known at the sample `now` about who speaks. Times are samples.

    `shared`: one microphone hears everybody, so a voice may be renamed later; otherwise a name is a channel.
    `join` is the longest silence that is still part of an inter-pausal unit.

    `voice` is the onset of the voice that sounds, whoever's it is, and `stopped` the last one that stopped; None where
    there is none, or where its beginning was not heard. `unnamed_since` is when it became known that a voice sounds,
    until anybody is named. `open` is speech that is not closed yet. `ended_by` says where each person last stopped.
    `spoken_until` is the end of the last speech, None before anybody spoke; `heard_from` the end of the last gap.
    `lost` is true while no sound arrives. `taken` is how the floor came to whoever has it.
    """

    shared: bool = True
    join: int = DEFAULTS.join
    now: int = 0
    voice: int | None = None
    stopped: Span | None = None
    unnamed_since: int | None = None
    open: tuple[OpenSpeech, ...] = ()
    ended_by: Mapping[str, int] = field(default_factory=dict)
    spoken_until: int | None = None
    heard_from: int = 0
    lost: bool = False
    taken: FloorTaken | None = None

    # -------------------------------------------------------------------------------------------------- what it says

    @property
    def speaking(self) -> frozenset[str]:
        """The names of those who speak now."""
        return frozenset(each.who for each in self.open if each.silent_since is None)

    @property
    def somebody(self) -> bool:
        """Whether anybody speaks, named or not."""
        return self.voice is not None or bool(self.speaking)

    @property
    def nameless(self) -> bool:
        """Somebody speaks, and nobody knows yet who: perhaps the one who seemed to have stopped."""
        return self.voice is not None and not self.speaking

    @property
    def silent_since(self) -> int:
        """The sample from which on nobody was heard to speak, counting only what was heard; 0 before anybody spoke."""
        return max(self.spoken_until or 0, self.heard_from)

    @property
    def silence(self) -> int:
        """Samples of silence up to now; 0 while somebody speaks and while no sound arrives."""
        return 0 if self.somebody or self.lost else max(0, self.now - self.silent_since)

    @property
    def floor(self) -> str | None:
        """Who has the floor; None before it went over for the first time."""
        return self.taken.who if self.taken else None

    def of(self, who: str) -> OpenSpeech | None:
        """The speech of `who` that is not closed yet."""
        return next((each for each in self.open if each.who == who), None)

    def ended(self, who: str) -> int | None:
        """The sample at which `who` fell silent; None while they speak, or when they have not spoken yet."""
        return None if who in self.speaking else self.ended_by.get(who)

    # ------------------------------------------------------------------------------------------------ what changes it

    def at(self, now: int) -> SpeechState:
        """The state when time has come to the sample `now`; time never runs backwards."""
        return self if now <= self.now else replace(self, now=now)

    def after(self, event: Event) -> SpeechState:
        """The state once `event` is known, in the order in which hearing tells; most other events only move time."""
        state = self.at(event.at)
        match event:
            case VoiceOn():
                return state._voice_on(event)
            case VoiceOff():
                return state._voice_off(event)
            case SpeechOn():
                return state._speech_on(event)
            case Speech():
                return state._speech(event)
            case AudioGap(span=span):
                heard_from = max(state.heard_from, span.end)
                return replace(state._unheard(span.start, event.at), heard_from=heard_from, lost=False)
            case DeviceLost():
                return replace(state._unheard(event.at, event.at), lost=True)
            case DeviceOpened():
                return replace(state, lost=False)
            case Ended():
                return state._unheard(event.at, event.at)
            case FloorTaken():
                return replace(state, taken=event)
        return state

    def _voice_on(self, event: VoiceOn) -> SpeechState:
        """Whoever stopped less than the join before goes on."""
        goes_on = tuple(
            replace(each, silent_since=None)
            if each.silent_since is not None and event.onset - each.silent_since < self.join
            else each
            for each in self.open
        )
        return replace(self, voice=event.onset, unnamed_since=event.at, open=goes_on, lost=False)

    def _voice_off(self, event: VoiceOff) -> SpeechState:
        return replace(
            self._silent(event.end, event.at),
            stopped=None if self.voice is None else Span(self.voice, max(event.end, self.voice)),
            spoken_until=max(event.end, self.spoken_until or 0),
        )

    def _unheard(self, since: int, known: int) -> SpeechState:
        """No sound arrives, so that nobody is known to speak."""
        return replace(self._silent(since, known), stopped=None)

    def _silent(self, since: int, known: int) -> SpeechState:
        silent = tuple(each.silent(since, known) for each in self.open)
        ended = {
            each.who: max(now.silent_since, self.ended_by.get(each.who, 0))
            for each, now in zip(self.open, silent, strict=True)
            if each.silent_since is None and now.silent_since is not None
        }
        ended_by = {**self.ended_by, **ended}
        return replace(self, voice=None, unnamed_since=None, open=silent, ended_by=ended_by)

    def _speech_on(self, event: SpeechOn) -> SpeechState:
        before = self.of(event.who)
        told = before.told if before is not None and before.onset == event.onset else event.at
        others = (each for each in self.open if each.who != event.who and not self._is_renamed(each, event, before))
        begun = OpenSpeech(event.who, event.onset, event.confidence, told)
        return replace(self, unnamed_since=None, open=(*others, begun))

    def _is_renamed(self, other: OpenSpeech, event: SpeechOn, before: OpenSpeech | None) -> bool:
        """Whether `event` gives another name to a voice that was told as `other`'s: that person did not speak."""
        if other.who == UNKNOWN:
            return abs(other.onset - event.onset) < self.join
        return self.shared and before is None and other.onset == event.onset and other.told < event.at

    def _speech(self, event: Speech) -> SpeechState:
        return replace(
            self,
            unnamed_since=None,
            open=self._without(event),
            ended_by={**self.ended_by, event.who: max(event.span.end, self.ended_by.get(event.who, 0))},
            spoken_until=max(event.span.end, self.spoken_until or 0),
        )

    def _without(self, event: Speech) -> tuple[OpenSpeech, ...]:
        """What stays open: not what `event` closes, under its own name or, told at the end, another's."""
        mine = self.of(event.who)
        if mine is None:
            near = [each for each in self.open if self.shared and abs(each.onset - event.span.start) < self.join]
            mine = min(near, key=lambda each: abs(each.onset - event.span.start), default=None)
        elif mine.onset >= event.span.end:  # the next unit has begun already
            mine = None
        return tuple(each for each in self.open if each is not mine)
