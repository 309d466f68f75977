"""Events: the values that packages pass to each other, in three kinds: system, data and control.

An event is frozen. `at` is the sample at which it became known; `span` is the stretch of sound that it is about. Events
are emitted in the order of `at`. The store keeps the classes with `stored = True`, and the text of `Words` only if the
people asked for that.

`to_record` and `from_record` convert events to JSON values and back:

>>> event = Speech(at=24000, who="Ana", span=Span(8000, 20000), confidence=0.97)
>>> from_record(to_record(event)) == event
True
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

from coach.core.span import Span

UNKNOWN = "?"  # the name of a speaker who could not be identified
KINDS = ("feelings", "needs", "impulses", "thoughts", "energy", "dreams", "hopes", "mourning")  # of experience
RESPONSES = (  # kinds of answers to what another person has just shared
    "reflection", "open question", "detail question", "advice", "own story", "reassurance", "backchannel", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all events; `at` is the sample at which the event became known."""

    stored: ClassVar[bool] = True
    at: int


# ---------------------------------------------------------------------------------------------------- system


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOpened(Event):
    """Sound arrives from `device` at `rate` samples per second on `channels` channels."""

    device: str
    rate: int
    channels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLost(Event):
    """The device disappeared, or delivers no more sound; `reason` is text for the person."""

    device: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioGap(Event):
    """The samples of `span` were lost. Pauses that touch them are not measured."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag(Event):
    """The stage `stage` of the pipeline is `behind` samples behind the sound."""

    stored: ClassVar[bool] = False
    stage: str
    behind: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardLess(Event):
    """The machine is too slow to do everything: from now on the coach does without what is named, first to last.

    `without` has "windows" (the networks listen half as often), "overlap" (one person at a time) and "words"; it is
    empty if everything is done again.
    """

    without: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Event):
    """One line for the people in the room, for example about a part that is missing."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Event):
    """The session ended; `at` is the last sample of its sound."""

    reason: str


# ------------------------------------------------------------------------------------------------------ data


@dataclass(frozen=True, slots=True, kw_only=True)
class InputLevel(Event):
    """The level of each channel over the last tenth of a second, in dBFS, for the screen."""

    stored: ClassVar[bool] = False
    dbfs: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOn(Event):
    """Somebody began to speak at `onset`. This comes before the speaker is identified."""

    stored: ClassVar[bool] = False
    onset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOff(Event):
    """Nobody has spoken since `end`."""

    stored: ClassVar[bool] = False
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechOn(Event):
    """`who` began to speak at `onset` and is still speaking. `confidence` is from 0 to 1."""

    stored: ClassVar[bool] = False
    who: str
    onset: int
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech(Event):
    """One inter-pausal unit: `who` spoke during `span` without a silence of 0.18 s. `confidence` is from 0 to 1."""

    who: str
    span: Span
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled(Event):
    """The voice of `who` was enrolled from the sound in `span`."""

    who: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Event):
    """The words recognised in `span`, and how `coach.meaning` classified them.

    `text` is None in a stored event unless the session keeps words. `count` is the number of words. Five flags classify
    the dialogue act: an acknowledgement ("mm-hm", "yeah", laughter), a direct question, a request, logistics, and talk
    about a film, the news or a joke rather than the speaker's life (`elsewhere`). `unfinished`: the words break off in
    the middle of a clause ("and then I"). `excuses_haste`: thanks, an apology, comfort or a warning, which may come,
    and be answered, at once.

    `p_experience` is the probability that the speaker shares inner experience; `level` is N, 1, 2 or 3, as in the
    codebook; `kinds` names kinds of experience. They are None, None and () if the language is not supported. `response`
    is the kind of answer to what another person has just shared ("reflection", "advice", …), and `p_response` its
    probability; both are None if nobody has shared anything.
    """

    who: str
    span: Span
    count: int
    text: str | None = None
    sentences: int = 0
    acknowledgement: bool = False
    question: bool = False
    request: bool = False
    logistics: bool = False
    elsewhere: bool = False
    unfinished: bool = False
    excuses_haste: bool = False
    level: str | None = None
    p_experience: float | None = None
    kinds: tuple[str, ...] = ()
    response: str | None = None
    p_response: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageFound(Event):
    """The spoken language is known from now on: `language`, a two-letter code, from `heard` samples of speech.

    `sure` is False if it could not be found, so that a language was assumed.
    """

    language: str
    heard: int
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorTaken(Event):
    """`who` took the floor from `after` at `onset`, with the floor transfer offset `fto` (samples).

    `after_share`: the turn before was a share; `too_soon`: the offset is below the target pause; `over`: the new turn
    began more than 0.2 s (`Timing.over`) before the share had ended. The turn before began at `since` and had `told`
    samples of speech. `breath` is the target pause from now on in samples, None if it is fixed.
    """

    stored: ClassVar[bool] = False
    who: str
    after: str
    onset: int
    fto: int
    after_share: bool
    too_soon: bool
    over: bool
    since: int = 0
    told: int = 0
    breath: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked(Event):
    """Somebody marked this moment."""

    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consented(Event):
    """`who` said yes or no when they were asked, or took a yes back.

    `to` is what they were asked for: "listen", to keep "words" or "audio", or that their answers may be said "aloud".
    `how` is "tap", "key" or "voice", "earlier" for what still holds from an earlier session, and "beforehand" for what
    whoever started the session said in everybody's name. `who` is unknown if
    somebody asked aloud to stop, and it is not sure who.
    """

    who: str
    to: str
    yes: bool
    how: str


# --------------------------------------------------------------------------------------------------- control


@dataclass(frozen=True, slots=True, kw_only=True)
class Hushed(Event):
    """Somebody asked the coach to be quiet (`on`), or to speak again."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenUp(Event):
    """Somebody said yes with a key or a button: the coach, which asked with a rising tone, may say its few words."""

    stored: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue(Event):
    """A decision to give a cue, or to hold it back.

    `kind` names the entry in the catalogue ("too_soon", "over", "ask", "inward", …); `form` is "tone" or "spoken"; `to`
    is the person whom the cue addresses, or None if it is for everybody; `because` holds the figures behind the
    decision. `held_back` is the reason for holding the cue back, or None.
    """

    kind: str
    form: str
    text: str
    to: str | None
    given: bool
    held_back: str | None
    because: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CuePlayed(Event):
    """A cue played during `span`. `cut`: it stopped early, because somebody spoke or the coach was hushed."""

    kind: str
    span: Span
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CueFailed(Event):
    """A cue was due but could not be played; `reason` is text for the person."""

    kind: str
    reason: str


_CLASSES: dict[str, type[Event]] = {
    c.__name__: c
    for c in (
        DeviceOpened, DeviceLost, AudioGap, Lag, HeardLess, Notice, Ended, InputLevel, VoiceOn, VoiceOff, SpeechOn,
        Speech, Enrolled, Words, LanguageFound, FloorTaken, Marked, Consented, Hushed, TakenUp, Cue, CuePlayed,
        CueFailed,
    )
}  # fmt: skip


def to_record(event: Event) -> dict[str, Any]:
    """The event as a JSON object: the class name is under "event", and a span becomes [start, end], in samples."""
    record: dict[str, Any] = {"event": type(event).__name__}
    for field in fields(event):
        value = getattr(event, field.name)
        record[field.name] = [value.start, value.end] if isinstance(value, Span) else value
    return record


def from_record(record: dict[str, Any]) -> Event:
    """The event of a record that `to_record` made, also after a round trip through JSON.

    Raises KeyError for an unknown class, and TypeError for missing or unknown fields.
    """
    values = dict(record)
    cls = _CLASSES[values.pop("event")]
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = Span(*value) if name == "span" else tuple(value)
    return cls(**values)
