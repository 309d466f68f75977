"""The benches' reference annotations, and the names assigned to systems without speaker names."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.conversation import Ipu
from coach.core.events import UNKNOWN
from coach.core.span import Span, as_samples
from scripts import cache
from scripts.bench.recordings import alone, rttm
from scripts.bench.results.diarization import Errors, errors
from scripts.bench.results.mapping import renamed
from scripts.bench.results.tables import figure, table
from scripts.bench.systems.baselines import named
from scripts.cache import kept, key
from scripts.simulate.mixtures import settled
from scripts.simulate.truth import Given


def unit(who: str, start: float, end: float) -> Ipu:
    return Ipu(who, Span.seconds(start, end))


ANA, BEN = unit("Ana", 1, 4), unit("Ben", 5, 9)


def test_the_oracle_gives_a_segment_to_the_person_who_speaks_longest_in_it() -> None:
    assert named([Span.seconds(3, 6.5)], [ANA, BEN]) == [unit("Ben", 3, 6.5)]


def test_the_oracle_gives_noise_to_the_nearest_speaker() -> None:
    assert named([Span.seconds(4.2, 4.5)], [ANA, BEN]) == [unit("Ana", 4.2, 4.5)]
    assert named([Span.seconds(4.5, 4.8)], [ANA, BEN]) == [unit("Ben", 4.5, 4.8)]


def test_a_voice_is_learnt_from_speech_without_overlap() -> None:
    speech = [unit("Ana", 0, 3), unit("Ben", 2, 2.5), unit("Ana", 4, 9), unit("Ana", 10, 15), unit("Ana", 16, 20)]
    assert alone(speech) == {"Ana": [(4.0, 9.0), (10.0, 15.0)]}


def test_rttm_is_read_as_units_in_samples(tmp_path: Path) -> None:
    file = tmp_path / "two.rttm"
    file.write_text("SPEAKER one 1 0.50 1.50 <NA> <NA> Ana <NA> <NA>\nSPEAKER two 1 0 1 <NA> <NA> Ben <NA> <NA>\n")
    assert rttm(file, "one") == [unit("Ana", 0.5, 2.0)]


def given(onset: float, fto: float, soon: bool = False) -> Given:
    return Given("Ben", as_samples(onset), as_samples(fto), soon)


def test_a_transfer_in_both_the_list_and_the_definition_is_agreed() -> None:
    assert settled([given(5, 1)], [given(5.01, 1.01)]) == ((given(5, 1),), ())


@pytest.mark.parametrize("defined", [given(5.1, 1), given(5, 1.1), given(5, 1, soon=True)])
def test_a_transfer_on_which_they_differ_is_disputed(defined: Given) -> None:
    assert settled([given(5, 1)], [defined]) == ((), (given(5, 1), defined))


def test_numbered_voices_get_the_names_that_make_most_frames_correct() -> None:
    found = [unit("1", 5, 9), unit("2", 1, 4), unit("3", 10, 11)]
    assert [each.who for each in renamed(found, [ANA, BEN])] == ["Ben", "Ana", "3"]


def test_an_unknown_voice_gets_no_name() -> None:
    found = [unit("1", 5, 9), unit(UNKNOWN, 1, 3.5), unit("2", 3.5, 4)]
    assert [each.who for each in renamed(found, [ANA, BEN])] == ["Ben", UNKNOWN, "Ana"]


def test_the_diarisation_error_counts_missed_false_and_confused_seconds() -> None:
    found = [unit("1", 1, 4), unit("2", 5, 8), unit("1", 8, 8.5), unit("2", 10, 11)]
    got = errors([ANA, BEN], found, Span.seconds(0, 12), collar=0.0)
    assert (got.total, got.missed, got.false, got.confused) == pytest.approx((7.0, 0.5, 1.0, 0.5))
    assert got.rate == pytest.approx(2.0 / 7.0)


def test_a_collar_ignores_errors_around_the_edges() -> None:
    found = [unit("1", 1.1, 4), unit("2", 5, 9)]
    assert errors([ANA, BEN], found, Span.seconds(0, 12), collar=0.25).missed == pytest.approx(0.0)


def test_overlap_counts_twice() -> None:
    both = [unit("Ana", 1, 4), unit("Ben", 3, 5)]
    got = errors(both, [unit("1", 1, 4), unit("2", 4, 5)], Span.seconds(0, 6), collar=0.0)
    assert (got.total, got.missed) == pytest.approx((5.0, 1.0))


def test_errors_are_summed_before_they_are_divided() -> None:
    assert (Errors(10, 1, 0, 0) + Errors(30, 0, 2, 1)).rate == pytest.approx(0.1)


def test_cached_files_are_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "FOLDER", tmp_path)
    assert kept("kind", "name", lambda: [1, 2]) == [1, 2]
    assert kept("kind", "name", lambda: [3]) == [1, 2]


def test_different_contents_have_a_different_name(tmp_path: Path) -> None:
    file = tmp_path / "sound"
    file.write_bytes(b"one")
    before = key("settings", file)
    file.write_bytes(b"two")
    assert key("settings", file) != before
    assert key("ab", "c") != key("a", "bc")


def test_figures_in_a_table_are_aligned_to_the_right() -> None:
    told = table("two", ["what", "coach"], [["FTO", figure(0.05)], ["missed", figure(None)]])
    assert told.splitlines()[2:] == ["what    coach", "FTO     0.050", "missed      -"]
