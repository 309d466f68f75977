"""The speech of the last two minutes: how certain the names are, and how the words were judged.

Who is speaking now is not kept here; `SpeechState` knows that and is passed in where it is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coach.conversation import SpeechState
from coach.core.events import Event, Speech, Words
from coach.core.span import MILLISECOND, RATE, Span, mostly_under


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentConfig:
    """How far back the coach looks. All times are samples."""

    remembered: int = 120 * RATE  # no gate looks further back
    edge: int = 300 * MILLISECOND  # hearing may move an edge by this much when it revises a unit
    last_talk: int = (
        10 * RATE
    )  # somebody's last talk, which decides how certain their name is; a last "so…" is too short


CONFIG = RecentConfig()


@dataclass(frozen=True, slots=True)
class _Heard:
    who: str
    span: Span
    confidence: float


class Recent:
    """The recent past of one conversation. Pure. `hear` takes events in the order of their `at`."""

    def __init__(self) -> None:
        self._heard: list[_Heard] = []
        self._words: list[Words] = []

    def hear(self, event: Event) -> None:
        """Takes an event, in the order in which it became known."""
        match event:
            case Speech(who=who, span=span, confidence=confidence):
                self._heard = [h for h in self._heard if span.end - h.span.end < CONFIG.remembered]
                self._heard.append(_Heard(who, span, confidence))
            case Words():
                self._words = [w for w in self._words if event.at - w.span.end < CONFIG.remembered] + [event]

    def confidence(self, who: str, stretch: Span, speech: SpeechState) -> float:
        """The confidence, 0 to 1, that `who` spoke in `stretch`: the mean weighted by length; 0 without speech."""
        heard = [*self._heard, *_unclosed(speech, stretch.end)]
        units = [(h.span & stretch, h.confidence) for h in heard if h.who == who]
        total = sum(span.duration for span, _ in units)
        return sum(span.duration * sure for span, sure in units) / total if total else 0.0

    def spoke(self, who: str, stretch: Span, speech: SpeechState) -> int:
        """The samples of speech of `who` in `stretch`."""
        heard = [*self._heard, *_unclosed(speech, stretch.end)]
        return sum((h.span & stretch).duration for h in heard if h.who == who)

    def words(self, who: str, since: int) -> list[Words]:
        """The words recognised in the speech of `who` since the sample `since`, in order."""
        return [words for words in self._words if words.who == who and words.span.start >= since - CONFIG.edge]

    def read(self, who: str, end: int, speech: SpeechState) -> Words | None:
        """The words of `who` that reach up to the sample `end`; None if they are not recognised yet.

        Final units under another person's voice are skipped: on a shared microphone they are never recognised.
        """
        readable = self._readable(who, end, speech)
        for words in reversed(self._words):
            if words.who == who and words.span.start < readable <= words.span.end + CONFIG.edge:
                return words
        return None

    def _readable(self, who: str, end: int, speech: SpeechState) -> int:
        units = [h.span for h in self._heard if h.who == who and h.span.start < end]
        last = len(units)
        while last and mostly_under(units[last - 1], self._others(who, units[last - 1].end, speech)):
            last -= 1
        return units[last - 1].end if 0 < last < len(units) else end

    def _others(self, who: str, end: int, speech: SpeechState) -> list[Span]:
        """The speech of everybody but `who`. Speech that still goes on counts up to the sample `end`."""
        going_on = [each for each in speech.open if each.silent_since is None and each.onset < end]
        begun = [Span(each.onset, end + 1) for each in going_on if each.who != who]
        return begun + [h.span for h in self._heard if h.who != who]


def _unclosed(speech: SpeechState, until: int) -> Iterator[_Heard]:
    """The units that no `Speech` has closed yet. A unit that still goes on counts up to the sample `until`."""
    for each in speech.open:
        end = until if each.silent_since is None else each.silent_since
        yield _Heard(each.who, Span(each.onset, end), each.confidence)
