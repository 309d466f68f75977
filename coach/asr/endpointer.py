"""What was said, in spans worth recognising: long enough to be understood, short enough to be ready soon.

Speech arrives as inter-pausal units; many are a word or two, and a recogniser understands words by their neighbours. So
one person's units are collected until one of three things happens:

    Ana   ████ ██████ ███            ███ ███
    Ben                      █████
                     ▲ 0.35 s of silence, or somebody else begins: Ana's first three units are one span

or until a unit ends with enough collected. Pure: the same events give the same spans, to the sample.

Where all share a microphone, a unit that lies mostly under another's voice is not read: what a recogniser makes of a
laugh under a sentence is neither the laugh nor the sentence. The sentence is, however much of it the laugh lies under.

Most units are a person's last words for the moment, so the span that will be ready if nobody says more is known 0.15 s
before it is: `foreseen` tells it, for a recogniser that has nothing better to do meanwhile.

>>> endpointer, ended = Endpointer(), Speech(at=19200, who="Ana", span=Span(0, 16000), confidence=1.0)
>>> speech = SpeechState().after(ended)
>>> endpointer.hear(ended, speech)
[]
>>> endpointer.tick(speech.at(24000))
[('Ana', Span(start=0, end=17600))]
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from coach.conversation import SpeechState
from coach.core.events import Ended, Event, Speech, SpeechOn
from coach.core.span import MILLISECOND, RATE, Span, as_samples, mostly_under

LONGEST_S = 6.0  # seconds; Moonshine needs 0.25 s for so much, and understands it as well as more
ENOUGH = RATE  # samples before the longest: so much collected is cut when a unit ends
CUT_S = 0.35  # seconds of silence; 0.25 gives words 0.1 s sooner, in pieces too short to be judged
UNNAMED = RATE  # samples that a voice may sound before it is said whose it is; silence is not counted meanwhile
PAD = 100 * MILLISECOND  # samples each side: first and last consonants are softer than what voice activity finds
LEAST = 150 * MILLISECOND  # samples of speech; less is a click, or a breath
RECENT = 8  # units that another's are compared with


@dataclass(frozen=True, slots=True)
class _Collected:
    hull: Span
    speech: int  # samples of it that are speech


class Endpointer:
    """Collects each person's units; gives out (who, span) when a span is ready. Spans of one person never overlap.

    `shared`: everybody is heard on the same microphone.
    """

    def __init__(self, *, longest_s: float = LONGEST_S, cut_s: float = CUT_S, shared: bool = False) -> None:
        self._shared = shared
        self._recent: deque[tuple[str, Span]] = deque(maxlen=RECENT)
        self._longest = as_samples(longest_s)
        self._cut = as_samples(cut_s)
        self._collected: dict[str, _Collected] = {}
        self._began: dict[str, int] = {}  # each person's last onset
        self._ended: dict[str, int] = {}  # and where their last unit ended
        self._given: dict[str, int] = {}  # and their last span

    def hear(self, event: Event, speech: SpeechState) -> list[tuple[str, Span]]:
        """The spans that are ready now that `event` is known; speech and the end of a session matter.

        `speech` is the state after `event`.
        """
        match event:
            case SpeechOn(who=who, onset=onset):
                return self._onset(who, onset, speech)
            case Speech(who=who, span=span):
                return self._onset(who, span.start, speech) + self._unit(who, span, speech)
            case Ended():
                return self._out(list(self._collected), speech.now)
        return []

    def tick(self, speech: SpeechState) -> list[tuple[str, Span]]:
        """The spans that are ready because time has passed."""
        return self._out([who for who in self._collected if self._due(who, speech)], speech.now)

    def foreseen(self, who: str, speech: SpeechState) -> tuple[str, Span] | None:
        """The span of `who` that will be ready if nobody says a word from now on; None when there is none to come."""
        collected = self._collected.get(who)
        if collected is None or collected.speech < LEAST or self._may_go_on(who, speech):
            return None
        return who, self._padded(who, collected.hull, speech.now)

    def _may_go_on(self, who: str, speech: SpeechState) -> bool:
        """Whether `who` speaks, or stopped so recently that the closing `Speech` is still awaited."""
        begun = speech.of(who)
        return begun is not None and (begun.silent_since is None or speech.now - begun.silent_known < self._cut)

    def _due(self, who: str, speech: SpeechState) -> bool:
        """Silent for long enough, or still speaking with so much collected that it must not wait for the end."""
        hull, now = self._collected[who].hull, speech.now
        if self._may_go_on(who, speech):
            return now - hull.start >= self._longest
        unnamed = speech.unnamed_since is not None and now - speech.unnamed_since < UNNAMED
        return not unnamed and now - hull.end >= self._cut

    def _onset(self, who: str, onset: int, speech: SpeechState) -> list[tuple[str, Span]]:
        """Somebody begins: what the others have said before is ready."""
        self._began[who] = max(onset, self._began.get(who, 0))
        others = [name for name in self._collected if name != who and not self._may_go_on(name, speech)]
        return self._out([name for name in others if self._collected[name].hull.end <= onset], speech.now)

    def _unit(self, who: str, span: Span, speech: SpeechState) -> list[tuple[str, Span]]:
        """A unit of `who` ended."""
        self._recent.append((who, span))
        if self._shared and mostly_under(span, self._others(who, span.end, speech)):
            return []
        ready = []
        before = self._collected.get(who)
        if before and (before.hull | span).duration > self._longest:
            ready = self._out([who], speech.now)
            before = None
        hull, spoken = (before.hull | span, before.speech) if before else (span, 0)
        self._collected[who] = _Collected(hull, spoken + span.duration)
        self._ended[who] = span.end
        answered = any(onset >= span.end for name, onset in self._began.items() if name != who)
        if answered or hull.duration >= self._longest - ENOUGH:
            ready += self._out([who], speech.now)
        return ready

    def _others(self, who: str, end: int, speech: SpeechState) -> list[Span]:
        """Where others than `who` speak up to the sample `end`, as far as that is known by now; or on after it."""
        others = [each for name, each in self._recent if name != who]
        going_on = [name for name in self._began if self._began[name] < end and self._may_go_on(name, speech)]
        return others + [Span(self._began[name], end + 1) for name in going_on]

    def _out(self, names: list[str], at: int) -> list[tuple[str, Span]]:
        """Give out what was collected of `names`, in order of time."""
        out = []
        for who in names:
            collected = self._collected.pop(who)
            if collected.speech >= LEAST:
                span = self._padded(who, collected.hull, at)
                self._given[who] = span.end
                out.append((who, span))
        return sorted(out, key=lambda each: (each[1], each[0]))

    def _padded(self, who: str, hull: Span, at: int) -> Span:
        """`hull` with its soft edges: nothing of a neighbour's, of the span before, or not heard yet."""
        before = [end for name, end in self._ended.items() if name != who and end <= hull.start]
        after = [onset for onset in self._began.values() if onset >= hull.end]
        start = max(hull.start - PAD, self._given.get(who, 0), *before)
        return Span(min(start, hull.start), max(hull.end, min(hull.end + PAD, at, *after)))
