"""The statistics of one conversation worked out by hand."""

from __future__ import annotations

import pytest

from coach.conversation import Ipu, Stat, converse, statistics
from coach.core.events import Words
from coach.core.span import Span, as_samples

#  0        6  7      10  12        18 17.5   20   28  30
#  Ana share   Ben        Ana share    Ben         Ana
ANA = [(0, 3), (3.5, 6.5), (12, 18), (28, 30)]
BEN = [(2, 2.5), (7, 10), (17.5, 20), (20.4, 21)]
TALK = [Ipu("Ana", Span.seconds(*s)) for s in ANA] + [Ipu("Ben", Span.seconds(*s)) for s in BEN]
PEOPLE = ("Ana", "Ben")


@pytest.fixture(scope="module")
def found() -> dict[str, Stat]:
    told = [Words(at=0, who="Ana", span=Span.seconds(0, 3), count=9)]
    return statistics(converse(TALK, told), PEOPLE, words=told)


@pytest.mark.parametrize(
    ("name", "value", "n"),
    [
        ("transfers", 4, 4),  # 0.5, 2.0, -0.5, 7.0
        ("fto_median_s", 1.25, 4),
        ("fto_lower_quartile_s", 0.25, 4),
        ("fto_upper_quartile_s", 3.25, 4),
        ("fto_below_zero", 0.25, 4),
        ("fto_over_1_s", 0.5, 4),
        ("fto_over_2_s", 0.25, 4),
        ("under_breath", 0.5, 4),
        ("shares", 2, 5),
        ("answering_pauses_s", [0.5, -0.5], 2),
        ("answering_pause_median_s", 0.0, 2),
        ("too_soon", 2, 2),
        ("too_soon_share", 1.0, 2),
        ("over", 1, 2),
        ("over_share", 0.5, 2),
        ("pause_median_s", 0.45, 2),
        ("pause_longest_s", 0.5, 2),
        ("lapses", 1, 4),
        ("overlap_between_s", 0.5, 1),
        ("overlap_within_s", 0.5, 1),
        ("talk_s.Ana", 14.0, 4),
        ("talk_s.Ben", 6.6, 4),
        ("talk_share.Ana", 0.68, 8),
        ("turns.Ana", 3, 3),
        ("turns.Ben", 2, 2),
        ("longest_turn_s.Ana", 6.5, 3),
        ("longest_turn_s.Ben", 3.5, 2),
        ("own_pause_median_s.Ana", 0.5, 1),
        ("own_pause_median_s.Ben", 0.4, 1),
        ("answering_pause_s.Ana", None, 0),
        ("answering_pause_s.Ben", 0.0, 2),
        ("holding_s.Ana", 7.0, 2),
        ("holding_s.Ben", 0.5, 1),
        ("backchannels.Ana", 0, 0),
        ("backchannels.Ben", 1, 1),
        ("backchannels_per_minute.Ben", 4.286, 1),
        ("incursions.Ben", 0, 0),
        ("words.Ana", 9, 1),
        ("words.Ben", 0, 0),
    ],
)
def test_each_number_agrees_with_a_calculation_by_hand(
    found: dict[str, Stat], name: str, value: float | list[float] | None, n: int
) -> None:
    stat = found[name]
    assert stat.value == (pytest.approx(value) if isinstance(value, float) else value)
    assert stat.n == n


def test_every_number_has_a_unit_and_a_definition_of_one_sentence(found: dict[str, Stat]) -> None:
    for name, stat in found.items():
        assert stat.unit in {"s", "share", "count", "per minute"}, name
        assert stat.definition.endswith("."), name
        assert "\n" not in stat.definition, name


def test_without_observations_there_is_no_number() -> None:
    nothing = statistics(converse([]), PEOPLE)
    for name in ("fto_median_s", "too_soon_share", "pause_longest_s", "talk_share.Ana", "words.Ana", "holding_s.Ben"):
        assert (nothing[name].value, nothing[name].n) == (None, 0), name


def test_silences_with_lost_sound_are_not_in_the_numbers() -> None:
    lost = statistics(converse(TALK, gaps=[Span.seconds(22, 23), Span.seconds(20.1, 20.2)]), PEOPLE)
    assert (lost["fto_median_s"].value, lost["fto_median_s"].n) == (0.5, 3)
    assert (lost["pause_median_s"].value, lost["pause_median_s"].n) == (0.5, 1)
    assert lost["lapses"].value == 0
    assert lost["holding_s.Ana"].value == 2.0
    assert lost["transfers"].value == 4


def test_answers_to_a_question_are_not_answering_pauses() -> None:
    asked = [Words(at=0, who="Ana", span=Span.seconds(3.5, 6.5), count=9, question=True)]
    assert statistics(converse(TALK, [*asked, told(0, 3)]), PEOPLE)["answering_pauses_s"].value == [-0.5]


def test_a_third_turn_in_between_does_not_count_as_a_held_silence() -> None:
    """Ben had the floor inside Ana's long talk; the silence before her next turn is 0.4 s, though its FTO is 3.9 s."""
    units = [Ipu("Ana", Span.seconds(*s)) for s in ((0, 12), (12.4, 15))] + [Ipu("Ben", Span.seconds(5, 8.5))]
    assert statistics(converse(units), PEOPLE)["holding_s.Ana"].value == 0.4


def told(start: float, end: float) -> Words:
    return Words(at=as_samples(end), who="Ana", span=Span.seconds(start, end), count=9)


def test_transfers_without_an_fto_are_counted_but_not_measured() -> None:
    units = [Ipu(who, Span.seconds(*s)) for who, s in (("Ana", (0, 3)), ("Ben", (3.5, 6)), ("Cleo", (6.2, 9)))]
    found = statistics(converse(units), ("Ana", "Ben", "Cleo"))
    assert (found["transfers"].value, found["fto_median_s"].value, found["fto_median_s"].n) == (2, 0.5, 1)
