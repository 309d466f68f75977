"""The state of speech: who is speaking, since when there is silence, and who has the floor.

`SpeechState` is a value, and the only place that keeps this state. The driver of a conversation updates it with each
event (`after`) and once a hop with the time (`at`); all others only read it. Two events show that somebody speaks, and
either is enough: `VoiceOn` is quick but has no name, `SpeechOn` has the name but comes later. `VoiceOff` ends both,
since nobody speaks then:

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

    `told` is when this first became known, `confidence` how certain the name is, 0 to 1. Once the voice has stopped,
    `silent_since` is its end and `silent_known` the sample at which that became known.
    """

    who: str
    onset: int
    confidence: float
    told: int
    silent_since: int | None = None
    silent_known: int = 0

    def silent(self, since: int, known: int) -> OpenSpeech:
        """The same speech after its voice has stopped; unchanged if it had stopped before."""
        if self.silent_since is not None:
            return self
        return replace(self, silent_since=max(self.onset, since), silent_known=known)


@dataclass(frozen=True, slots=True)
class SpeechState:
    """Everything that is known at the sample `now` about who is speaking. Times are samples.

    `shared`: whether one microphone hears everybody, so that a voice may be renamed later. Otherwise each person has a
    channel.
    `join` is the longest silence that is still part of an inter-pausal unit.

    `voice` is the onset of the voice that is heard now, whoever it is, and `stopped` the last voice that stopped. Both
    are None without such a voice, or if its beginning was not heard. `unnamed_since` is when the voice became known; it
    is None once somebody is named. `open` is the speech that is not closed yet. `ended_by` maps each person to the
    sample at which they last stopped. `spoken_until` is the end of the last speech, None before anybody has spoken, and
    `heard_from` the end of the last gap. `lost` is true while no sound arrives. `taken` is the last floor transfer.
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

    # ------------------------------------------------------------------------------------------------------- views

    @property
    def speaking(self) -> frozenset[str]:
        """The names of the people who are speaking now."""
        return frozenset(each.who for each in self.open if each.silent_since is None)

    @property
    def somebody(self) -> bool:
        """Whether anybody is speaking, named or not."""
        return self.voice is not None or bool(self.speaking)

    @property
    def nameless(self) -> bool:
        """Whether somebody not yet identified is speaking, perhaps a person who seemed to have stopped."""
        return self.voice is not None and not self.speaking

    @property
    def silent_since(self) -> int:
        """The sample since which nobody has spoken, or the end of a later gap; 0 before anybody has spoken."""
        return max(self.spoken_until or 0, self.heard_from)

    @property
    def silence(self) -> int:
        """Samples of silence up to now; 0 while somebody is speaking and while no sound arrives."""
        return 0 if self.somebody or self.lost else max(0, self.now - self.silent_since)

    @property
    def floor(self) -> str | None:
        """The person who has the floor; None before the first floor transfer."""
        return self.taken.who if self.taken else None

    def of(self, who: str) -> OpenSpeech | None:
        """The speech of `who` that is not closed yet."""
        return next((each for each in self.open if each.who == who), None)

    def ended(self, who: str) -> int | None:
        """The sample at which `who` fell silent; None while they speak, or if they have not spoken yet."""
        return None if who in self.speaking else self.ended_by.get(who)

    # ----------------------------------------------------------------------------------------------------- updates

    def at(self, now: int) -> SpeechState:
        """The state at the sample `now`. An earlier `now` than before changes nothing."""
        if now <= self.now:
            return self
        return SpeechState(  # once a hop: `replace` would take ten times as long
            shared=self.shared,
            join=self.join,
            now=now,
            voice=self.voice,
            stopped=self.stopped,
            unnamed_since=self.unnamed_since,
            open=self.open,
            ended_by=self.ended_by,
            spoken_until=self.spoken_until,
            heard_from=self.heard_from,
            lost=self.lost,
            taken=self.taken,
        )

    def after(self, event: Event) -> SpeechState:
        """The state after `event`. Events come in the order in which hearing emits them; most others only move time."""
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
        """A voice began. A person who stopped less than the join before is taken to go on."""
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
        """No sound arrives, so nobody is known to speak."""
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
        """Whether `event` renames a voice that was attributed to `other`, who then did not speak."""
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
        """The open speech without what `event` closes, under its own name or, if renamed at the end, another one."""
        mine = self.of(event.who)
        if mine is None:
            near = [each for each in self.open if self.shared and abs(each.onset - event.span.start) < self.join]
            mine = min(near, key=lambda each: abs(each.onset - event.span.start), default=None)
        elif mine.onset >= event.span.end:  # the next unit has begun already
            mine = None
        return tuple(each for each in self.open if each is not mine)
