"""What the coach knows of the room: who speaks, since when it is silent, how sure the names are, what was read.

`Room` hears the events of the ear and of the words and answers questions about now. Only the last two minutes are kept.

Two sources say that somebody speaks, and either is enough to keep the coach quiet: `VoiceOn` is quick and knows no
name, `SpeechOn` knows the name and comes later. `VoiceOff` ends both, since then nobody speaks:

    who        VoiceOn ─┐            ┌─ VoiceOff
    Ana            ░░░░▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓
    SpeechOn ──────────┘ (0.5 s)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from coach.core.events import AudioGap, Event, FloorTaken, Speech, SpeechOn, VoiceOff, VoiceOn, Words
from coach.core.span import MILLISECOND, RATE, Span, mostly_under

REMEMBERED = 120 * RATE  # samples; longer than any question the gates ask
EDGE = 300 * MILLISECOND  # samples; how far an edge may move when the ear revises it


@dataclass(frozen=True, slots=True)
class _Heard:
    who: str
    span: Span  # of a unit that is still going on, only the start counts
    confidence: float


class Room:
    """The pure memory of one conversation; `hear` events in the order of their `at`."""

    def __init__(self) -> None:
        self.taken: FloorTaken | None = None  # how the floor came to whoever has it
        self._voice = False
        self._quiet_since = 0
        self._open: dict[str, _Heard] = {}
        self._ending: dict[str, _Heard] = {}  # fell silent, and the closing `Speech` is awaited
        self._heard: list[_Heard] = []
        self._words: list[Words] = []
        self._ended: dict[str, int] = {}

    def hear(self, event: Event) -> None:
        match event:
            case VoiceOn():
                self._voice = True
            case VoiceOff(end=end):
                self._voice = False
                self._quiet_since = max(end, self._quiet_since)
                for who, heard in self._open.items():
                    self._ended[who] = max(end, self._ended.get(who, 0))
                    self._ending[who] = replace(heard, span=Span(heard.span.start, end))
                self._open.clear()
            case SpeechOn(who=who, onset=onset, confidence=confidence):
                self._rename(onset, 0)
                self._open[who] = _Heard(who, Span(onset, onset), confidence)
            case Speech(who=who, span=span, confidence=confidence):
                self._close(who, span, confidence)
            case Words():
                self._words = [w for w in self._words if event.at - w.span.end < REMEMBERED] + [event]
            case AudioGap(span=span):
                self._quiet_since = max(span.end, self._quiet_since)  # what nobody heard is no silence
            case FloorTaken():
                self.taken = event

    def _close(self, who: str, span: Span, confidence: float) -> None:
        if self._open.pop(who, None) is None:
            self._rename(span.start, EDGE)
        for name, ending in list(self._ending.items()):
            if name == who or abs(ending.span.start - span.start) <= EDGE:
                del self._ending[name]
        self._heard = [h for h in self._heard if span.end - h.span.end < REMEMBERED]
        self._heard.append(_Heard(who, span, confidence))
        self._ended[who] = max(span.end, self._ended.get(who, 0))
        self._quiet_since = max(self._quiet_since, span.end)

    def _rename(self, onset: int, edge: int) -> None:
        """A unit that is told again from the same onset has got another name: the first name did not speak."""
        for who, heard in list(self._open.items()):
            if abs(heard.span.start - onset) <= edge:
                del self._open[who]

    @property
    def floor(self) -> str | None:
        """Who has the floor; None before it went over for the first time."""
        return self.taken.who if self.taken else None

    def speaking(self) -> bool:
        return self._voice or bool(self._open)

    def nameless(self) -> bool:
        """Somebody speaks, and it is not known yet who: perhaps the one who seemed to have stopped."""
        return self._voice and not self._open

    def silence(self, now: int) -> int:
        """Samples since anybody spoke; 0 while somebody does."""
        return 0 if self.speaking() else max(0, now - self._quiet_since)

    def ended(self, who: str) -> int | None:
        """The sample at which `who` fell silent; None while they speak, or when they have not spoken yet."""
        return None if who in self._open else self._ended.get(who)

    def confidence(self, who: str, stretch: Span) -> float:
        """How sure it is that `who` spoke in `stretch`: the mean over their speech, weighted by its length; else 0."""
        ended = [*self._heard, *self._ending.values()]
        units = [(h.span & stretch, h.confidence) for h in ended if h.who == who]
        if who in self._open:
            going_on = self._open[who]
            units.append((Span(going_on.span.start, stretch.end) & stretch, going_on.confidence))
        total = sum(span.duration for span, _ in units)
        return sum(span.duration * sure for span, sure in units) / total if total else 0.0

    def words(self, who: str, since: int) -> list[Words]:
        """What was read of what `who` has said since the sample `since`, in order."""
        return [words for words in self._words if words.who == who and words.span.start >= since - EDGE]

    def read(self, who: str, end: int) -> Words | None:
        """The words of `who` that reach up to the sample `end`; None when nobody has read them yet.

        Last words under another's voice are not waited for: on a shared microphone they are never read.
        """
        readable = self._readable(who, end)
        for words in reversed(self._words):
            if words.who == who and words.span.start < readable <= words.span.end + EDGE:
                return words
        return None

    def _readable(self, who: str, end: int) -> int:
        units = [h.span for h in self._heard if h.who == who and h.span.start < end]
        last = len(units)
        while last and mostly_under(units[last - 1], self._others(who, units[last - 1].end)):
            last -= 1
        return units[last - 1].end if 0 < last < len(units) else end

    def _others(self, who: str, end: int) -> list[Span]:
        """Where others than `who` speak up to the sample `end`, or on after it."""
        begun = [Span(h.span.start, end + 1) for h in self._open.values() if h.span.start < end and h.who != who]
        return begun + [h.span for h in self._heard if h.who != who]
