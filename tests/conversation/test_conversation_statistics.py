"""The statistics of random talk agree with a literal implementation of their definitions."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coach.conversation import Ipu, converse, statistics
from coach.core.events import Words
from coach.core.span import MILLISECOND, Span, as_samples
from tests.conversation.plain_statistics import statistics as plain

relaxed = settings(max_examples=80)
PEOPLE = ("Ana", "Ben", "Cleo", "?")
SPEECH_MS = st.one_of(st.integers(60, 1500), st.integers(1190, 1210), st.integers(60, 9000))
SILENCE_MS = st.one_of(st.integers(180, 1200), st.integers(180, 6000), st.integers(4990, 5010))

Said = tuple[list[Ipu], list[Words]]


@st.composite
def talks(draw: st.DrawFn) -> Said:
    """Two to four people, one of whom is unknown, with and without words."""
    units: list[Ipu] = []
    words: list[Words] = []
    for who in PEOPLE[: draw(st.integers(1, 4))]:
        at = draw(st.integers(0, 8000))
        for length, silence in draw(st.lists(st.tuples(SPEECH_MS, SILENCE_MS), max_size=8)):
            span = Span(at * MILLISECOND, (at + length) * MILLISECOND)
            units.append(Ipu(who, span))
            at += length + silence
            if draw(st.booleans()):
                words.append(
                    Words(
                        at=span.end,
                        who=who,
                        span=span,
                        count=draw(st.integers(1, 40)),
                        acknowledgement=draw(st.booleans()),
                        question=draw(st.booleans()),
                    )
                )
    return units, words


def unit(who: str, start: float, end: float) -> Ipu:
    return Ipu(who, Span.seconds(start, end))


WOVEN = [unit("Ana", 0, 12), unit("Ben", 5, 8.5), unit("Ana", 14, 17)]  # FTO 5.5 s, but Ana spoke until 12


@relaxed
@given(talks())
@example((WOVEN, []))
def test_the_statistics_agree_with_their_definitions(said: Said) -> None:
    units, words = said
    talk = converse(units, words)
    found = statistics(talk, PEOPLE, words=words)
    for name, (value, n) in plain(talk, PEOPLE, words).items():
        assert (found[name].value, found[name].n) == (pytest.approx(value, abs=0.0011), n), name


@relaxed
@given(talks())
def test_too_soon_and_over_are_parts_of_the_answers(said: Said) -> None:
    units, words = said
    found = statistics(converse(units, words), PEOPLE, words=words)
    over, soon, pauses = found["over"].value, found["too_soon"].value, found["answering_pauses_s"].value or []
    assert isinstance(over, int)
    assert isinstance(soon, int)
    assert isinstance(pauses, list)
    assert over <= soon <= sum(pause < 2.0 for pause in pauses)
    assert over <= sum(pause < -0.2 for pause in pauses)


@relaxed
@given(talks(), st.floats(0.001, 3600))
def test_silence_at_the_end_changes_no_number(said: Said, seconds: float) -> None:
    """The talk ends with its last word; silence after it is nobody's pause."""
    units, words = said
    end = max((u.span.end for u in units), default=0) + as_samples(1)
    numbers = statistics(converse(units, words, now=end), PEOPLE, words=words)
    assert statistics(converse(units, words, now=end + as_samples(seconds)), PEOPLE, words=words) == numbers


@relaxed
@given(talks(), st.integers(0, 5000))
def test_the_start_time_changes_no_number(said: Said, later: int) -> None:
    units, _ = said
    moved = [Ipu(u.who, Span(u.span.start + later * MILLISECOND, u.span.end + later * MILLISECOND)) for u in units]
    numbers = statistics(converse(units), PEOPLE)
    assert statistics(converse(moved), PEOPLE) == numbers


ALONE = [Words(at=16_000, who="Ana", span=Span(0, 16_000), count=1, acknowledgement=True)]  # a lone "mm-hm"


@relaxed
@given(talks())
@example(([unit("Ana", 0, 1)], ALONE))
def test_every_interval_contains_its_number_and_every_share_is_between_zero_and_one(said: Said) -> None:
    units, words = said
    for name, stat in statistics(converse(units, words), PEOPLE, words=words).items():
        if stat.interval is not None:
            assert isinstance(stat.value, int | float), name
            assert stat.interval[0] - 0.001 <= stat.value <= stat.interval[1] + 0.001, name
        if stat.unit == "share" and stat.value is not None:
            assert isinstance(stat.value, int | float), name
            assert 0 <= stat.value <= 1, name
            assert stat.interval is not None or name.startswith("talk_share"), name
        if stat.value is None:
            assert stat.n == 0 or name.startswith("talk_share"), name


def test_a_long_offset_during_which_somebody_spoke_is_neither_a_lapse_nor_a_held_silence() -> None:
    found = statistics(converse(WOVEN), ("Ana", "Ben"))
    assert found["fto_upper_quartile_s"].value == pytest.approx(2.375)  # -7.0 and 5.5 s
    assert found["lapses"].value == 0
    assert found["holding_s.Ana"].value == 2.0


def test_a_long_silence_among_three_people_is_a_lapse_even_without_an_fto() -> None:
    units = [unit("Ana", 0, 2), unit("Ben", 2.2, 4), unit("Cleo", 9.1, 12)]
    found = statistics(converse(units), ("Ana", "Ben", "Cleo"))
    assert (found["lapses"].value, found["lapses"].n) == (1, 2)
    assert found["holding_s.Cleo"].value == 5.1


def test_the_distribution_of_offsets_has_tenths_and_quartiles() -> None:
    """Eleven answers, 0.1 to 1.1 s after the other person: the deciles fall on whole tenths of a second."""
    units, at = [unit("Ana", 0, 2)], 2.0
    for turn in range(11):
        at += (turn + 1) / 10
        units.append(unit("Ben" if turn % 2 == 0 else "Ana", at, at + 2))
        at += 2
    found = statistics(converse(units), ("Ana", "Ben"))
    names = ("lowest_tenth", "lower_quartile", "median", "mean", "upper_quartile", "highest_tenth")
    assert [found[f"fto_{name}_s"].value for name in names] == [0.2, 0.35, 0.6, 0.6, 0.85, 1.0]
    assert found["fto_median_s"].interval == (0.2, 1.0)
    assert (found["fto_0_to_200_ms"].value, found["fto_0_to_200_ms"].n) == (0.182, 11)
    assert found["fto_highest_tenth_s"].interval is None
