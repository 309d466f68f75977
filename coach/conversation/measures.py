"""The statistics of a conversation, each with its count, its unit and its definition.

One function measures one thing; its docstring is the definition that people read beside the number. A measure of the
whole conversation is registered with `@overall`, one for each person with `@personal` and named `NAME.PERSON`. Pauses
and transfers in whose silence sound was lost are left out of everything but the plain counts. No number is a score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

from coach.conversation.talk import Conversation
from coach.conversation.timing import DEFAULTS, Timing
from coach.conversation.transfers import Transfer
from coach.conversation.turns import Turn
from coach.events import Words
from coach.span import RATE, as_seconds

Value = float | int | list[float] | None


@dataclass(frozen=True, slots=True)
class Stat:
    """`value` in `unit`, from `n` observations; None where there are none.

    Units are "s" (seconds), "share" (0 to 1), "count" and "per minute".
    """

    value: Value
    n: int
    unit: str
    definition: str


@dataclass(frozen=True, slots=True)
class _Talk:
    """A conversation seen by the measures; the lists are what most of them start from."""

    conversation: Conversation
    people: tuple[str, ...]
    timing: Timing
    words: tuple[Words, ...]
    transfers: list[Transfer] = field(init=False)  # measured, with an FTO
    ftos: list[float] = field(init=False)  # theirs, in seconds
    answers: list[Transfer] = field(init=False)  # those after a share, answers to a question left out
    turns: list[Turn] = field(init=False)  # of kind "turn"

    def __post_init__(self) -> None:
        heard = [t for t in self.conversation.transfers if t.measured and t.fto is not None]
        object.__setattr__(self, "transfers", heard)
        object.__setattr__(self, "ftos", [as_seconds(t.offset) for t in heard])
        object.__setattr__(self, "answers", [t for t in heard if t.after_share and not t.answers_question])
        object.__setattr__(self, "turns", [t for t in self.conversation.turns if t.kind == "turn"])

    def speech(self, who: str) -> int:
        """Samples that `who` spoke, backchannels and all."""
        return sum(turn.speech for turn in self.conversation.turns if turn.who == who)

    def pauses(self, who: str | None = None) -> list[float]:
        """Measured pauses within turns in seconds, of one person or of all."""
        return [as_seconds(p.span.duration) for p in self.conversation.pauses if p.measured and who in (None, p.who)]

    def of_kind(self, kind: str, who: str) -> list[Turn]:
        return [turn for turn in self.conversation.turns if turn.kind == kind and turn.who == who]


Measured = tuple[Value, int]
_OVERALL: list[tuple[str, str, Callable[[_Talk], Measured]]] = []
_PERSONAL: list[tuple[str, str, Callable[[_Talk, str], Measured]]] = []


def overall(unit: str) -> Callable[[Callable[[_Talk], Measured]], Callable[[_Talk], Measured]]:
    """Register a measure of the whole conversation under the function's name."""

    def register(measure: Callable[[_Talk], Measured]) -> Callable[[_Talk], Measured]:
        _OVERALL.append((measure.__name__, unit, measure))
        return measure

    return register


def personal(unit: str) -> Callable[[Callable[[_Talk, str], Measured]], Callable[[_Talk, str], Measured]]:
    """Register a measure of each person under the function's name."""

    def register(measure: Callable[[_Talk, str], Measured]) -> Callable[[_Talk, str], Measured]:
        _PERSONAL.append((measure.__name__, unit, measure))
        return measure

    return register


def statistics(
    conversation: Conversation, people: Sequence[str], timing: Timing = DEFAULTS, words: Iterable[Words] = ()
) -> dict[str, Stat]:
    """Every measure of the conversation, by name; those of one person are called `NAME.PERSON`, for each of `people`.

    words: all that was recognised; without any, the measures of words are None.
    """
    talk = _Talk(conversation, tuple(people), timing, tuple(words))
    found = {name: _stat(measure(talk), unit, measure.__doc__) for name, unit, measure in _OVERALL}
    for name, unit, measure_of in _PERSONAL:
        for who in people:
            found[f"{name}.{who}"] = _stat(measure_of(talk, who), unit, measure_of.__doc__)
    return found


def _stat(measured: Measured, unit: str, doc: str | None) -> Stat:
    value, n = measured
    if isinstance(value, float):
        value = round(value, 3)
    return Stat(value, n, unit, " ".join((doc or "").split()))


def _median(values: Sequence[float]) -> Measured:
    return (median(values) if values else None), len(values)


def _longest(values: Sequence[float]) -> Measured:
    return max(values, default=None), len(values)


def _quartile(values: Sequence[float], which: int) -> Measured:
    if len(values) < 2:
        return (values[0] if values else None), len(values)
    return quantiles(values, n=4, method="inclusive")[which], len(values)


def _part(flags: Sequence[bool]) -> Measured:
    return (sum(flags) / len(flags) if flags else None), len(flags)


# ------------------------------------------------------------------------------------------------- floor transfers


@overall("count")
def transfers(talk: _Talk) -> Measured:
    """How often the floor went from one person to another."""
    n = len(talk.conversation.transfers)
    return n, n


@overall("s")
def fto_median_s(talk: _Talk) -> Measured:
    """Median floor transfer offset: start of the new turn minus end of the turn before it; below zero is overlap."""
    return _median(talk.ftos)


@overall("s")
def fto_lower_quartile_s(talk: _Talk) -> Measured:
    """A quarter of the floor transfer offsets lie below this."""
    return _quartile(talk.ftos, 0)


@overall("s")
def fto_upper_quartile_s(talk: _Talk) -> Measured:
    """A quarter of the floor transfer offsets lie above this."""
    return _quartile(talk.ftos, 2)


@overall("share")
def fto_below_zero(talk: _Talk) -> Measured:
    """Share of floor transfers that began before the other had ended."""
    return _part([t.offset < 0 for t in talk.transfers])


@overall("share")
def fto_over_1_s(talk: _Talk) -> Measured:
    """Share of floor transfers with an offset of more than one second."""
    return _part([t.offset > RATE for t in talk.transfers])


@overall("share")
def fto_over_2_s(talk: _Talk) -> Measured:
    """Share of floor transfers with an offset of more than two seconds."""
    return _part([t.offset > 2 * RATE for t in talk.transfers])


@overall("share")
def under_breath(talk: _Talk) -> Measured:
    """Share of all floor transfers whose offset is below the target breath."""
    return _part([t.offset < talk.timing.breath for t in talk.transfers])


# --------------------------------------------------------------------------------------------- answering a share


@overall("count")
def shares(talk: _Talk) -> Measured:
    """How many turns were shares: five seconds of speech or more, and no question, request or logistics."""
    return sum(turn.share for turn in talk.turns), len(talk.turns)


@overall("s")
def answering_pauses_s(talk: _Talk) -> Measured:
    """The pause before each answer to a share, in order; answers to a question or request are left out."""
    pauses = [as_seconds(t.offset) for t in talk.answers]
    return pauses or None, len(pauses)


@overall("s")
def answering_pause_median_s(talk: _Talk) -> Measured:
    """Median pause before an answer to a share; answers to a question or request are left out."""
    return _median([as_seconds(t.offset) for t in talk.answers])


@overall("count")
def too_soon(talk: _Talk) -> Measured:
    """How many answers to a share began before the target breath had passed."""
    return sum(t.too_soon for t in talk.answers), len(talk.answers)


@overall("share")
def too_soon_share(talk: _Talk) -> Measured:
    """Share of the answers to a share that began before the target breath had passed."""
    return _part([t.too_soon for t in talk.answers])


@overall("count")
def over(talk: _Talk) -> Measured:
    """How many answers to a share began more than 0.2 s before the share had ended."""
    return sum(t.over for t in talk.answers), len(talk.answers)


@overall("share")
def over_share(talk: _Talk) -> Measured:
    """Share of the answers to a share that began more than 0.2 s before the share had ended."""
    return _part([t.over for t in talk.answers])


# ------------------------------------------------------------------------------------------- silence and overlap


@overall("s")
def pause_median_s(talk: _Talk) -> Measured:
    """Median silence inside one person's turn, counted from 0.18 s."""
    return _median(talk.pauses())


@overall("s")
def pause_longest_s(talk: _Talk) -> Measured:
    """Longest silence inside one person's turn."""
    return _longest(talk.pauses())


@overall("count")
def lapses(talk: _Talk) -> Measured:
    """How many silences between two people's turns were longer than five seconds."""
    return len(talk.conversation.lapses), len(talk.transfers)


@overall("s")
def overlap_between_s(talk: _Talk) -> Measured:
    """How long two people spoke at once while the floor went over."""
    return _overlap(talk, "between")


@overall("s")
def overlap_within_s(talk: _Talk) -> Measured:
    """How long two people spoke at once while one kept the floor: backchannels and bids that did not take it."""
    return _overlap(talk, "within")


def _overlap(talk: _Talk, kind: str) -> Measured:
    spans = [overlap.span for overlap in talk.conversation.overlaps if overlap.kind == kind]
    return as_seconds(sum(span.duration for span in spans)), len(spans)


# -------------------------------------------------------------------------------------------------- each person


@personal("s")
def talk_s(talk: _Talk, who: str) -> Measured:
    """How long this person spoke in all, silences left out."""
    return as_seconds(talk.speech(who)), sum(len(t.units) for t in talk.conversation.turns if t.who == who)


@personal("share")
def talk_share(talk: _Talk, who: str) -> Measured:
    """This person's part of all speech."""
    everybody = sum(turn.speech for turn in talk.conversation.turns)
    n = sum(len(turn.units) for turn in talk.conversation.turns)
    return (talk.speech(who) / everybody if everybody else None), n


@personal("count")
def turns(talk: _Talk, who: str) -> Measured:
    """How many turns this person had; backchannels and speech that took no floor are left out."""
    n = len(talk.of_kind("turn", who))
    return n, n


@personal("s")
def longest_turn_s(talk: _Talk, who: str) -> Measured:
    """This person's longest turn, from its beginning to its end, pauses included."""
    return _longest([as_seconds(turn.span.duration) for turn in talk.of_kind("turn", who)])


@personal("s")
def own_pause_median_s(talk: _Talk, who: str) -> Measured:
    """Median silence inside this person's turns, counted from 0.18 s."""
    return _median(talk.pauses(who))


@personal("s")
def answering_pause_s(talk: _Talk, who: str) -> Measured:
    """Median pause that this person left before answering a share; answers to a question or request are left out."""
    return _median([as_seconds(t.offset) for t in talk.answers if t.who == who])


@personal("s")
def holding_s(talk: _Talk, who: str) -> Measured:
    """The longest silence that this person, listening, left before answering."""
    silences = [_silence(talk, t) for t in talk.transfers if t.who == who]
    return _longest([as_seconds(silence) for silence in silences if silence > 0])


def _silence(talk: _Talk, transfer: Transfer) -> int:
    """How long no turn had gone on when this one began; shorter than the FTO if a third turn lay between."""
    ended = max(u.end for t in talk.turns for u in t.units if u.start < transfer.onset)
    return min(transfer.offset, transfer.onset - ended)


@personal("count")
def backchannels(talk: _Talk, who: str) -> Measured:
    """How many backchannels this person gave ("mm-hm", "yeah", laughter)."""
    n = len(talk.of_kind("backchannel", who))
    return n, n


@personal("per minute")
def backchannels_per_minute(talk: _Talk, who: str) -> Measured:
    """Backchannels this person gave in each minute of the others' talk."""
    others = sum(turn.speech for turn in talk.conversation.turns if turn.who != who)
    n = len(talk.of_kind("backchannel", who))
    return (n * 60 * RATE / others if others else None), n


@personal("count")
def incursions(talk: _Talk, who: str) -> Measured:
    """How often this person spoke longer than a backchannel inside the other's speech without getting the floor."""
    n = len(talk.of_kind("incursion", who))
    return n, n


@personal("count")
def words(talk: _Talk, who: str) -> Measured:
    """How many of this person's words were recognised."""
    told = [w.count for w in talk.words if w.who == who]
    return (sum(told) if talk.words else None), len(told)
