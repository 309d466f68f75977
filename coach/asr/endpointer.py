"""Endpointing: cuts speech into spans for the recogniser, long enough to be understood and short enough to come soon.

Speech arrives as inter-pausal units. Many are a word or two, and a recogniser needs context, so the units of one person
are collected until there is a silence of 0.35 s, until somebody else begins, or until a unit ends and the span is
already nearly 6 s long:

    Ana   ████ ██████ ███            ███ ███
    Ben                      █████
                     ▲ Ana's first three units are one span

Pure: the same events give the same spans, to the sample.

On a shared microphone, a unit that lies mostly under somebody else's voice is not recognised: a laugh under a sentence
yields garbage. The sentence itself is recognised, however much of it the laugh overlaps.

Most units are followed by silence, so the next span can usually be predicted 0.15 s before it is due. `foreseen`
returns it, so that an idle recogniser can start early.

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
from coach.core.span import MILLISECOND, RATE, Span, mostly_under


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointerConfig:
    """Where an utterance ends, for the recogniser. Times are in samples."""

    longest: int = 6 * RATE  # of a span; Moonshine takes 0.25 s for this much and gains nothing from more
    near_longest: int = RATE  # before `longest`: from there on, the end of a unit ends the span
    silence: int = 350 * MILLISECOND  # that ends a span; 250 ms brings words 0.1 s sooner, too short to be judged
    unnamed: int = RATE  # for which a voice may sound before it has a name; silence is not counted meanwhile
    pad: int = 100 * MILLISECOND  # each side: first and last consonants are softer than what voice activity finds
    least: int = 150 * MILLISECOND  # of speech in a span; less is a click or a breath
    recent: int = 8  # units (a count) that a unit of somebody else is compared with


ENDPOINTER = EndpointerConfig()


@dataclass(frozen=True, slots=True)
class _Collected:
    hull: Span
    speech: int  # samples of it that are speech


class Endpointer:
    """Collects each person's units and returns (who, span) when a span is ready. Spans of one person never overlap.

    `shared`: everybody is heard on the same microphone.
    """

    def __init__(self, *, shared: bool = False, config: EndpointerConfig = ENDPOINTER) -> None:
        self._shared, self._config = shared, config
        self._recent: deque[tuple[str, Span]] = deque(maxlen=config.recent)
        self._collected: dict[str, _Collected] = {}
        self._began: dict[str, int] = {}  # each person's last onset
        self._ended: dict[str, int] = {}  # the end of each person's last unit
        self._given: dict[str, int] = {}  # the end of each person's last span

    def hear(self, event: Event, speech: SpeechState) -> list[tuple[str, Span]]:
        """The spans that are ready after `event`. Only speech and the end of the session matter.

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
        """The span of `who` that will be ready if nobody speaks from now on; None if there will be none."""
        collected = self._collected.get(who)
        if collected is None or collected.speech < self._config.least or self._may_go_on(who, speech):
            return None
        return who, self._padded(who, collected.hull, speech.now)

    def _may_go_on(self, who: str, speech: SpeechState) -> bool:
        """Whether `who` speaks, or stopped so recently that the closing `Speech` is still awaited."""
        begun = speech.of(who)
        if begun is None:
            return False
        return begun.silent_since is None or speech.now - begun.silent_known < self._config.silence

    def _due(self, who: str, speech: SpeechState) -> bool:
        """Whether `who` has been silent for long enough, or still speaks but has collected enough for a span."""
        hull, now = self._collected[who].hull, speech.now
        if self._may_go_on(who, speech):
            return now - hull.start >= self._config.longest
        unnamed = speech.unnamed_since is not None and now - speech.unnamed_since < self._config.unnamed
        return not unnamed and now - hull.end >= self._config.silence

    def _onset(self, who: str, onset: int, speech: SpeechState) -> list[tuple[str, Span]]:
        """Somebody begins to speak, so the spans of the others are ready."""
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
        if before and (before.hull | span).duration > self._config.longest:
            ready = self._out([who], speech.now)
            before = None
        hull, spoken = (before.hull | span, before.speech) if before else (span, 0)
        self._collected[who] = _Collected(hull, spoken + span.duration)
        self._ended[who] = span.end
        answered = any(onset >= span.end for name, onset in self._began.items() if name != who)
        if answered or hull.duration >= self._config.longest - self._config.near_longest:
            ready += self._out([who], speech.now)
        return ready

    def _others(self, who: str, end: int, speech: SpeechState) -> list[Span]:
        """The speech of everybody but `who` that begins before the sample `end`, as far as it is known."""
        others = [each for name, each in self._recent if name != who]
        going_on = [name for name in self._began if self._began[name] < end and self._may_go_on(name, speech)]
        return others + [Span(self._began[name], end + 1) for name in going_on]

    def _out(self, names: list[str], at: int) -> list[tuple[str, Span]]:
        """Return and clear the collected spans of `names`, in order of time."""
        out = []
        for who in names:
            collected = self._collected.pop(who)
            if collected.speech >= self._config.least:
                span = self._padded(who, collected.hull, at)
                self._given[who] = span.end
                out.append((who, span))
        return sorted(out, key=lambda each: (each[1], each[0]))

    def _padded(self, who: str, hull: Span, at: int) -> Span:
        """`hull` with padding, but without other people's speech, the span before, and sound not heard yet."""
        before = [end for name, end in self._ended.items() if name != who and end <= hull.start]
        after = [onset for onset in self._began.values() if onset >= hull.end]
        pad = self._config.pad
        start = max(hull.start - pad, self._given.get(who, 0), *before)
        return Span(min(start, hull.start), max(hull.end, min(hull.end + pad, at, *after)))
