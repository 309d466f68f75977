"""What `converse` finds in random talk is what the definitions say when they are followed to the letter."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_turns import plainly

from coach.conversation import Ipu, converse
from coach.events import Words
from coach.span import MILLISECOND, Span

PEOPLE = ("Ana", "Ben", "Cleo", "?")
# Lengths and silences on either side of every threshold of the rules, in milliseconds.
SPEECH_MS = st.one_of(st.integers(100, 1400), st.sampled_from([1199, 1200, 1201, 2999, 3000]), st.integers(1000, 7000))
SILENCE_MS = st.one_of(st.integers(180, 1300), st.sampled_from([180, 999, 1000, 1001]), st.integers(180, 4000))


@st.composite
def talks(draw: st.DrawFn) -> tuple[list[Ipu], list[Words]]:
    """Two to four people's units, on each other's edges now and then, and words for some of them."""
    units: list[Ipu] = []
    for who in PEOPLE[: draw(st.sampled_from([2, 2, 2, 3, 4]))]:
        edges = [u.span.end // MILLISECOND for u in units]
        at = draw(st.one_of(st.integers(0, 9000), st.sampled_from(edges or [0])))
        for length, silence in draw(st.lists(st.tuples(SPEECH_MS, SILENCE_MS), min_size=1, max_size=6)):
            units.append(Ipu(who, Span(at * MILLISECOND, (at + length) * MILLISECOND)))
            at += length + silence
    words = [
        Words(
            at=u.span.end,
            who=u.who,
            span=u.span,
            count=draw(st.integers(1, 6)),
            **{flag: draw(st.integers(0, 3)) == 0 for flag in ("acknowledgement", "question", "request", "logistics")},
        )
        for u in units
        if draw(st.booleans())
    ]
    return units, words


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(talks())
def test_turns_and_transfers_are_those_of_the_definitions(talk: tuple[list[Ipu], list[Words]]) -> None:
    found, plain = converse(*talk), plainly(*talk)
    assert {(t.who, u.start // MILLISECOND): t.kind for t in found.turns for u in t.units} == plain.kinds
    assert [
        (t.after, t.who, t.onset // MILLISECOND, t.offset // MILLISECOND)
        + (t.fto is not None, t.after_share, t.too_soon, t.over)
        for t in found.transfers
    ] == plain.transfers
