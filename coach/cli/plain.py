"""Events as lines of text: the output of `coach listen --plain`, also meant for `grep` and `cut`.

Each line has a time, a kind (one of `KINDS`) and details in plain words. The time is when the event became known, on
the sample clock; it never decreases:

>>> from coach.core.events import FloorTaken, InputLevel, Speech
>>> from coach.core.span import Span, as_samples
>>> line(Speech(at=as_samples(83.456), who="Ana", span=Span.seconds(79.0, 83.2), confidence=0.97))
'01:23.456  speech   Ana 4.2 s'
>>> taken = FloorTaken(at=as_samples(84), who="Ben", after="Ana", onset=as_samples(83.5), fto=as_samples(0.31),
...                    after_share=True, too_soon=True, over=False)
>>> line(taken)
'01:24.000  floor    Ben took it from Ana, 0.31 s after (after a share: too soon)'
>>> line(InputLevel(at=0, dbfs=(-31.0,))) is None  # ten times a second: too often for a line
True

Lines contain recognised words only if `show_words` is set. Text from outside (names, devices, recognised words) is
stripped of control characters, so that it cannot break a line or control the terminal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coach.coaching import ASKED, GATE_SENTENCES
from coach.core.events import (
    UNKNOWN,
    AudioGap,
    Cue,
    CueFailed,
    CuePlayed,
    DeviceLost,
    DeviceOpened,
    Ended,
    Enrolled,
    Event,
    FloorTaken,
    Hushed,
    Lag,
    Marked,
    Notice,
    Speech,
    Words,
)
from coach.core.invocation import as_called
from coach.core.names import one_line
from coach.core.span import MILLISECOND, RATE, as_seconds
from coach.review import early, spoken
from coach.runtime import worth_saying

KINDS = ("speech", "floor", "cue", "gap", "device", "notice", "words", "mark", "hush", "enrolled", "end")
KIND_WIDTH = max(map(len, KINDS)) + 1  # cells; aligns the details
_FLAGS = {
    "acknowledgement": "acknowledgement",
    "question": "question",
    "request": "request",
    "logistics": "arrangements",
    "elsewhere": "film, news or a joke",
}
_CUES = {"ask": "asked first"}  # kinds of cue whose ids do not say what they are
_LOST = {"inner": ", after something inner", "mid-thought": ", in mid-thought", "long": ", after a long telling"}
_DEPTHS = {"N": "no sharing", "1": "what happened", "2": "mixed", "3": "experience"}


def line(event: Event, *, show_words: bool = False) -> str | None:
    """The line for `event`, without a newline; None for events that are not worth a line.

    `show_words` adds the recognised text; without it, a Words event gives only counts.
    """
    if isinstance(event, Words):
        return _joined(event, "words", _words(event, show_words))
    if isinstance(event, Lag) and not worth_saying(event):
        return None
    if type(event) not in _LINES:
        return None
    kind, details = _LINES[type(event)]
    return _joined(event, kind, details(event))


def stage_name(stage: str) -> str:
    """The stage's name for users."""
    return "hearing" if stage == "ear" else one_line(stage)


def stamp(at: int) -> str:
    """A sample index as MM:SS.mmm, or H:MM:SS.mmm from one hour; truncated to the millisecond."""
    seconds, milliseconds = divmod(at // MILLISECOND, 1000)
    return f"{clock(seconds * RATE)}.{milliseconds:03d}"


def clock(at: int) -> str:
    """A sample index as MM:SS, or H:MM:SS from one hour."""
    minutes, seconds = divmod(at // RATE, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


def voice_name(who: str) -> str:
    """A name for display; an unidentified voice is "someone"."""
    return "someone" if who == UNKNOWN else one_line(who)


def cue_words(cue: Cue) -> str:
    """The cue, its addressee and its reason: 'tone "too soon" for Ben (began 0.30 s after a share)'."""
    why = cue_reason(cue)
    return f"{cue_form(cue)}{_whom(cue)}{f' ({why})' if why else ''}"


def cue_form(cue: Cue) -> str:
    """The sound of a cue: the name of its tone, or the words spoken."""
    return f'spoken "{one_line(cue.text)}"' if cue.form == "spoken" and cue.text else f'tone "{kind_words(cue.kind)}"'


def kind_words(kind: str) -> str:
    """The name of a kind of cue: "too_soon" is "too soon"."""
    return one_line(_CUES.get(kind, spoken(kind)))


def cue_reason(cue: Cue) -> str:
    """The measurements behind a cue, in words; empty if there are none.

    Only numbers and what may be lost are shown, because other text in `because` could contain recognised words.
    """
    figures = {name: value for name, value in cue.because.items() if _is_number(value)}
    if "fto_s" in figures:
        return _beginning(figures["fto_s"]) + _LOST.get(cue.because.get("lost", ""), "")
    if "told_s" in figures:
        sentences = f", {figures['sentences']:g} sentences" if "sentences" in figures else ""
        after = ", after a yes" if ASKED in figures else ""
        return f"{figures['told_s']:.0f} s told{sentences}{after}"
    return ", ".join(_figure(name, value) for name, value in figures.items())


def _joined(event: Event, kind: str, details: str) -> str:
    return f"{stamp(event.at)}  {kind:<{KIND_WIDTH}}{details}".rstrip()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _beginning(fto_s: float) -> str:
    if fto_s < 0:
        return f"began {early(-fto_s)} before a share ended"
    return f"began {early(fto_s)} after a share"


def _figure(name: str, value: float) -> str:
    of = one_line(name.removesuffix("_s").replace("_", " "))
    return f"{of} {value:.1f} s" if name.endswith("_s") else f"{of} {value:g}"


def _speech(event: Speech) -> str:
    return f"{voice_name(event.who)} {as_seconds(event.span.duration):.1f} s"


def _floor(event: FloorTaken) -> str:
    shown = early if event.too_soon else lambda s: f"{s:.2f} s"
    after, before = shown(as_seconds(event.fto)), shown(-as_seconds(event.fto))
    offset = f"{after} after" if event.fto >= 0 else f"{before} before the end"
    verdicts = ", ".join(word for word, so in (("too soon", event.too_soon), ("over its end", event.over)) if so)
    share = f" (after a share{': ' if verdicts else ''}{verdicts})" if event.after_share else ""
    return f"{voice_name(event.who)} took it from {voice_name(event.after)}, {offset}{share}"


def _words(event: Words, show_words: bool) -> str:
    told = [f"{event.count} word{'' if event.count == 1 else 's'}"]
    told += [says for flag, says in _FLAGS.items() if getattr(event, flag)]
    told += [_DEPTHS[event.level]] if event.level else []
    text = f": {one_line(event.text)}" if show_words and event.text else ""
    return f"{voice_name(event.who)} {', '.join([*told, *event.kinds])}{text}"


def _cue(event: Cue) -> str:
    if event.given:
        return cue_words(event)
    reason = one_line(event.held_back or "no reason was given")
    sentence = GATE_SENTENCES.get(reason, "").rstrip(".")
    told = f"{reason}: {sentence[0].lower()}{sentence[1:]}" if sentence else reason
    return f"held back: {kind_words(event.kind)}{_whom(event)} ({told})"


def _whom(cue: Cue) -> str:
    return "" if cue.to is None else f" for {voice_name(cue.to)}"


def _played(event: CuePlayed) -> str:
    cut = ", cut short" if event.cut else ""
    return f'"{kind_words(event.kind)}" sounded for {as_seconds(event.span.duration):.1f} s{cut}'


def _opened(event: DeviceOpened) -> str:
    channels = f"{event.channels} channel{'' if event.channels == 1 else 's'}"
    return f"{one_line(event.device)} opened, {event.rate} Hz, {channels}"


_LINES: dict[type[Event], tuple[str, Callable[[Any], str]]] = {
    Speech: ("speech", _speech),
    FloorTaken: ("floor", _floor),
    Cue: ("cue", _cue),
    CuePlayed: ("cue", _played),
    CueFailed: ("cue", lambda e: f'"{kind_words(e.kind)}" could not play: {one_line(e.reason)}'),
    AudioGap: ("gap", lambda e: f"{as_seconds(e.span.duration):.1f} s not heard ({one_line(e.reason)})"),
    DeviceOpened: ("device", _opened),
    DeviceLost: ("device", lambda e: f"{one_line(e.device)} lost: {one_line(e.reason)}"),
    Lag: ("notice", lambda e: f"{stage_name(e.stage)} {as_seconds(e.behind):.1f} s behind"),
    Notice: ("notice", lambda e: as_called(one_line(e.text))),
    Marked: ("mark", lambda e: one_line(e.note) or "this moment"),
    Hushed: ("hush", lambda e: "the coach keeps quiet" if e.on else "the coach goes on"),
    Enrolled: ("enrolled", lambda e: f"{voice_name(e.who)}, voice learnt from {as_seconds(e.span.duration):.1f} s"),
    Ended: ("end", lambda e: one_line(e.reason)),
}
