"""`converse` agrees with a literal implementation of the definitions on random talk."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.conversation import Ipu, converse
from coach.core.events import Words
from coach.core.span import MILLISECOND, Span
from tests.conversation.plain_turns import plainly

PEOPLE = ("Ana", "Ben", "Cleo", "?")
# Lengths, and distances from the end of the speech before, on either side of every threshold; in milliseconds.
SPEECH_MS = st.one_of(st.integers(100, 1400), st.sampled_from([1199, 1200, 1201, 2999, 3000]), st.integers(1000, 7000))
DISTANCE_MS = st.one_of(st.integers(-3000, 2500), st.sampled_from([-200, 0, 180, 999, 1000, 1001, 1999, 2000]))
SAID = st.sampled_from(
    [None, None, {}, {"acknowledgement": True}, {"question": True}, {"request": True}, {"logistics": True}]
)


@st.composite
def talks(draw: st.DrawFn) -> tuple[list[Ipu], list[Words]]:
    """Units of up to four people, each placed relative to the one before, and words for some of them."""
    units: list[Ipu] = []
    words: list[Words] = []
    free_from = dict.fromkeys(PEOPLE, 0)  # milliseconds; one person's units do not overlap
    end = 3000
    people = st.sampled_from(PEOPLE[: draw(st.sampled_from([2, 2, 2, 3, 4]))])
    for _ in range(draw(st.integers(1, 12))):
        who, length = draw(people), draw(SPEECH_MS)
        start = max(end + draw(DISTANCE_MS), free_from[who])
        end = start + length
        free_from[who] = end + 180
        units.append(Ipu(who, Span(start * MILLISECOND, end * MILLISECOND)))
        flags = draw(SAID)
        if flags is not None:
            words.append(Words(at=0, who=who, span=units[-1].span, count=draw(st.integers(1, 6)), **flags))
    return units, words


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(talks())
def test_turns_and_transfers_are_those_of_the_definitions(talk: tuple[list[Ipu], list[Words]]) -> None:
    found, plain = converse(*talk), plainly(*talk)
    assert {(t.who, u.start // MILLISECOND): t.kind for t in found.turns for u in t.units} == plain.kinds
    transfers = [
        (t.after, t.who, t.onset // MILLISECOND, t.offset // MILLISECOND, t.fto is not None) for t in found.transfers
    ]
    assert transfers == [each[:5] for each in plain.transfers]
    assert [(t.after_share, t.too_soon, t.over) for t in found.transfers] == [each[5:] for each in plain.transfers]
