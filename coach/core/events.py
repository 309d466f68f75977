"""What travels through the house. Three kinds: System, Data and Control, as in audio pipelines of the field.

Every event is a frozen value that says *when it was known* (`at`, a sample index) and, where it is about a stretch of
sound, *which stretch* (`span`). Events are told in the order of `at`; time never runs backwards. The store keeps those
whose class says `stored`; `Words.text` is kept only when the people asked for it.

`to_record` and `from_record` turn events into JSON values and back:

>>> event = Speech(at=24000, who="Ana", span=Span(8000, 20000), confidence=0.97)
>>> from_record(to_record(event)) == event
True
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

from coach.core.span import Span

UNKNOWN = "?"  # the name of a voice that nobody could be found for


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Anything that happens; `at` is the sample at which it was known."""

    stored: ClassVar[bool] = True
    at: int


# ---------------------------------------------------------------------------------------------------- system


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceOpened(Event):
    """Sound arrives from `device` at `rate` samples a second on `channels` channels."""

    device: str
    rate: int
    channels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLost(Event):
    """The device went silent for good or disappeared; `reason` is for the person."""

    device: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioGap(Event):
    """The samples of `span` were never heard; a pause that touches them is unmeasured."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag(Event):
    """A stage is `behind` samples behind the sound."""

    stored: ClassVar[bool] = False
    stage: str
    behind: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Event):
    """One line for the people in the room: what is missing, what changed."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Event):
    """The session ended; `at` is the last sample heard."""

    reason: str


# ------------------------------------------------------------------------------------------------------ data


@dataclass(frozen=True, slots=True, kw_only=True)
class InputLevel(Event):
    """Level of each channel in dBFS over the last tenth of a second, for the screen."""

    stored: ClassVar[bool] = False
    dbfs: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOn(Event):
    """Somebody began to speak at `onset`; who is not known yet. The fastest thing that hearing says."""

    stored: ClassVar[bool] = False
    onset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceOff(Event):
    """Nobody has been speaking since `end`."""

    stored: ClassVar[bool] = False
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechOn(Event):
    """`who` began to speak at `onset`, and goes on."""

    stored: ClassVar[bool] = False
    who: str
    onset: int
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech(Event):
    """One inter-pausal unit: `who` spoke without a silence of 0.18 s from `span.start` to `span.end`."""

    who: str
    span: Span
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled(Event):
    """The voice of `who` was learnt from `span`."""

    who: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Event):
    """What a recogniser made of `span`, and what kind of saying it is.

    `text` is None in what is stored unless words are kept. `count` is the number of words. The five flags are read
    off the words: an acknowledgement ("mm-hm", "yeah", laughter), a direct question, a request, logistics, and talk
    that is `elsewhere` than in the speaker's life: a film, the news, a joke.
    `p_experience` is how likely the stretch tells the speaker's own inner experience, 0 to 1; `level` is one of
    N, 1, 2, 3 as in the codebook; `kinds` are names of kinds of experience. All three are None (empty) when the
    language is not understood. `response` is how the stretch answers what another person has just shared ("reflection",
    "advice", …), with its probability; None where nobody has.
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
    level: str | None = None
    p_experience: float | None = None
    kinds: tuple[str, ...] = ()
    response: str | None = None
    p_response: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorTaken(Event):
    """The floor went over: `who` took it from `after` at `onset`, with floor transfer offset `fto` (samples)."""

    stored: ClassVar[bool] = False
    who: str
    after: str
    onset: int
    fto: int
    after_share: bool
    too_soon: bool
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked(Event):
    """Somebody asked to remember this moment."""

    note: str = ""


# --------------------------------------------------------------------------------------------------- control


@dataclass(frozen=True, slots=True, kw_only=True)
class Hushed(Event):
    """The coach was asked to be quiet (`on`), or to go on."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue(Event):
    """A decision about a cue: given, or held back with a reason.

    `kind` names the catalogue's entry ("too_soon", "over", "inward", …); `form` is "tone" or "spoken"; `to` is the
    person it is meant for; `because` holds the figures that the decision rests on. `held_back` is None for a cue that
    is given.
    """

    kind: str
    form: str
    text: str
    to: str
    given: bool
    held_back: str | None
    because: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CuePlayed(Event):
    """A cue sounded over `span`; `cut` when it stopped early, because somebody spoke or the coach was hushed."""

    kind: str
    span: Span
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CueFailed(Event):
    """A cue was due but could not sound; `reason` is for the person."""

    kind: str
    reason: str


_CLASSES: dict[str, type[Event]] = {
    c.__name__: c
    for c in (
        DeviceOpened, DeviceLost, AudioGap, Lag, Notice, Ended, InputLevel, VoiceOn, VoiceOff, SpeechOn, Speech,
        Enrolled, Words, FloorTaken, Marked, Hushed, Cue, CuePlayed, CueFailed,
    )
}  # fmt: skip


def to_record(event: Event) -> dict[str, Any]:
    """A JSON object with the class name under "event"; spans become [start, end], in samples."""
    record: dict[str, Any] = {"event": type(event).__name__}
    for field in fields(event):
        value = getattr(event, field.name)
        record[field.name] = [value.start, value.end] if isinstance(value, Span) else value
    return record


def from_record(record: dict[str, Any]) -> Event:
    """The event that `to_record` wrote, also after a trip through JSON.

    Raises KeyError for a class that is not known and TypeError for fields that are missing or too many.
    """
    values = dict(record)
    cls = _CLASSES[values.pop("event")]
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = Span(*value) if name == "span" else tuple(value)
    return cls(**values)
