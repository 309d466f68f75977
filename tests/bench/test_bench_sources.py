"""The benches' reference annotations, and the names assigned to systems without speaker names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from coach.conversation import Ipu
from coach.core.events import UNKNOWN
from coach.core.span import RATE, Span, as_samples
from scripts import cache
from scripts.bench.recordings import around_edges, enrolled, exact, loose, window
from scripts.bench.results.diarization import Errors, errors
from scripts.bench.results.mapping import renamed
from scripts.bench.results.tables import figure, table
from scripts.bench.systems.baselines import named
from scripts.bench.systems.segmentation import segmentation, somebody
from scripts.cache import kept, key
from scripts.simulate.mixtures import settled
from scripts.simulate.readers import HELD_BACK, MIXED, TUNING, half, half_of
from scripts.simulate.truth import Given, Take, Truth, rttm


def unit(who: str, start: float, end: float) -> Ipu:
    return Ipu(who, Span.seconds(start, end))


ANA, BEN = unit("Ana", 1, 4), unit("Ben", 5, 9)


def test_the_oracle_gives_a_segment_to_the_person_who_speaks_longest_in_it() -> None:
    assert named([Span.seconds(3, 6.5)], [ANA, BEN]) == [unit("Ben", 3, 6.5)]


def test_the_oracle_gives_noise_to_the_nearest_speaker() -> None:
    assert named([Span.seconds(4.2, 4.5)], [ANA, BEN]) == [unit("Ana", 4.2, 4.5)]
    assert named([Span.seconds(4.5, 4.8)], [ANA, BEN]) == [unit("Ben", 4.5, 4.8)]


def test_a_voice_is_learnt_where_its_person_speaks_most_alone() -> None:
    speech = [unit("Ana", 1, 6), unit("Ben", 6, 9), unit("Ana", 20, 28), unit("Ana", 40, 45)]
    assert window("Ana", speech, Span.seconds(0, 60)) == Span.seconds(18, 28)


def test_speech_under_the_others_is_not_speech_alone() -> None:
    speech = [unit("Ana", 1, 9), unit("Ben", 7, 9), unit("Ana", 20, 24.5)]
    assert window("Ana", speech, Span.seconds(0, 40)) == Span.seconds(14.5, 24.5)


def test_of_windows_with_as_much_speech_the_one_with_less_of_the_others_is_taken() -> None:
    speech = [unit("Ana", 1, 6), unit("Ben", 0, 1), unit("Ben", 6, 16), unit("Ana", 30, 35)]
    assert window("Ana", speech, Span.seconds(0, 60)) == Span.seconds(25, 35)


def test_a_voice_is_not_learnt_from_less_than_three_seconds() -> None:
    speech = [unit("Ana", 1, 3.9), unit("Ben", 5, 9)]
    with pytest.raises(SystemExit, match="Ana"):
        window("Ana", speech, Span.seconds(0, 20))


def test_a_window_ends_with_the_recording() -> None:
    assert window("Ana", [unit("Ana", 1, 7)], Span.seconds(0, 8)) == Span.seconds(0, 8)


def test_what_a_voice_is_learnt_from_is_left_out_of_the_score() -> None:
    speech = (unit("Ana", 1, 9), unit("Ben", 21, 29))
    before = Take("talk", "calls", Path("talk.wav"), Truth(Span.seconds(0, 40), speech, left_out=(Span(0, 5),)))
    got = enrolled(before)
    assert got.enrolment == {"Ana": [(0.0, 10.0)], "Ben": [(19.0, 29.0)]}
    assert got.truth.left_out == (Span(0, 5), Span.seconds(0, 10), Span.seconds(19, 29))


def test_loose_edges_are_left_out_on_both_sides() -> None:
    edges = [Span.seconds(0.125, 2.0), Span.seconds(2.375, 4.0)]
    assert around_edges(edges) == [Span.seconds(0, 0.375), Span.seconds(1.75, 2.625), Span.seconds(3.75, 4.25)]


def test_nobodys_turns_follow_from_loose_edges(tmp_path: Path) -> None:
    file = tmp_path / "talk.wav"
    sf.write(file, np.zeros(10 * 8000), 8000)
    truth = loose([ANA, BEN], file)
    assert (truth.scored, truth.follows, truth.turns) == (Span.seconds(0, 10), False, ())
    assert truth.left_out == tuple(around_edges([ANA.span, BEN.span]))


def test_turns_and_transfers_follow_from_exact_edges(tmp_path: Path) -> None:
    file = tmp_path / "talk.wav"
    sf.write(file, np.zeros(10 * 8000), 8000)
    truth = exact([ANA, BEN], file)
    assert (truth.scored, truth.turns, truth.left_out) == (Span.seconds(0, 10), (ANA, BEN), ())
    assert [(each.who, each.fto) for each in truth.transfers] == [("Ben", as_samples(1.0))]


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


def errors_of(true: list[Ipu], found: list[Ipu], end: float, collar: float = 0.0, *left_out: Span) -> Errors:
    return errors(Truth(Span.seconds(0, end), tuple(true), left_out=left_out), found, collar)


def test_the_diarisation_error_counts_missed_false_and_confused_seconds() -> None:
    found = [unit("1", 1, 4), unit("2", 5, 8), unit("1", 8, 8.5), unit("2", 10, 11)]
    got = errors_of([ANA, BEN], found, 12)
    assert (got.total, got.missed, got.false, got.confused) == pytest.approx((7.0, 0.5, 1.0, 0.5))
    assert got.rate == pytest.approx(2.0 / 7.0)


def test_a_collar_ignores_errors_around_the_edges() -> None:
    found = [unit("1", 1.1, 4), unit("2", 5, 9)]
    assert errors_of([ANA, BEN], found, 12, 0.25).missed == pytest.approx(0.0)


def test_the_diarisation_error_counts_nothing_that_is_left_out() -> None:
    found = [unit("1", 1, 4), unit("2", 5, 8), unit("2", 10, 11)]
    got = errors_of([ANA, BEN], found, 12, 0.0, Span.seconds(8, 10.5))
    assert (got.total, got.missed, got.false) == pytest.approx((6.0, 0.0, 0.5))


def test_overlap_counts_twice() -> None:
    both = [unit("Ana", 1, 4), unit("Ben", 3, 5)]
    got = errors_of(both, [unit("1", 1, 4), unit("2", 4, 5)], 6)
    assert (got.total, got.missed) == pytest.approx((5.0, 1.0))


def test_errors_are_summed_before_they_are_divided() -> None:
    assert (Errors(10, 1, 0, 0) + Errors(30, 0, 2, 1)).rate == pytest.approx(0.1)


def test_every_recording_of_a_reader_is_in_the_same_half() -> None:
    assert len({half(Path("voices", f"ana-{n}.flac")) for n in range(20)}) == 1
    assert {half(Path(f"{name}-1.flac")) for name in "abcdefgh"} == {TUNING, HELD_BACK}


def test_two_readers_of_different_halves_are_in_neither() -> None:
    by_half = {half(file): file for file in (Path(f"{name}-1.flac") for name in "abcdefgh")}
    held_back, tuning = by_half[HELD_BACK], by_half[TUNING]
    assert [half_of(pair) for pair in ([held_back] * 2, [tuning] * 2, [held_back, tuning])] == [
        HELD_BACK,
        TUNING,
        MIXED,
    ]


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


def test_the_segmentation_network_alone_hears_nobody_in_silence() -> None:
    assert len(somebody(np.zeros(23 * RATE // 2, np.float32))) == 1150
    assert segmentation(np.zeros(23 * RATE // 2, np.float32)) == []
