"""Which speech of the networks counts: in voices that are proved, by the quick detector or by being sure for long."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.core.span import Span
from coach.diarization.proof import CONFIG, Proof
from coach.vad import FRAME, JOIN, OPEN, Began, Stopped

LENGTH = 1000
SURE, UNSURE = CONFIG.sure + 0.02, CONFIG.sure - 0.02


def frames(*spans: tuple[int, int], value: float = 1.0, of: int = LENGTH) -> np.ndarray:
    """Zeros, but `value` in these spans."""
    out = np.zeros(of)
    for start, end in spans:
        out[start:end] = value
    return out


def voice(start: int, end: int) -> list[Began | Stopped]:
    span = Span(start * FRAME, end * FRAME)
    return [Began(span.start, span.start), Stopped(span.end, span)]


def spans(flags: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(int), [0]]))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))


def counted(
    speech: list[tuple[int, int]], voices: list[Began | Stopped], sure: float = 0.0, settled: int = OPEN
) -> tuple[list[tuple[int, int]], int]:
    """The spans that count, and how many frames are decided."""
    proof = Proof()
    proof.voices.hear(voices, settled)
    kept = proof.counts(0, frames(*speech).astype(bool), frames(*speech, value=sure))
    return spans(kept), len(kept)


def test_speech_without_a_proved_voice_is_none() -> None:
    assert counted([(100, 400)], [], UNSURE) == ([], LENGTH)


def test_a_soft_beginning_and_end_belong_to_the_voice() -> None:
    assert counted([(160, 320)], voice(200, 300)) == ([(160, 320)], LENGTH)


def test_a_beginning_reaches_no_further_than_that() -> None:
    assert counted([(100, 320)], voice(200, 300)) == ([(200 - CONFIG.before, 320)], LENGTH)


def test_after_a_pause_it_is_something_else() -> None:
    assert counted([(200, 300), (302 + JOIN, 400)], voice(200, 300)) == ([(200, 300)], LENGTH)


def test_speech_goes_on_after_a_voice_for_so_long_only() -> None:
    assert counted([(200, 900)], voice(200, 300)) == ([(200, 300 + CONFIG.after)], LENGTH)


@pytest.mark.parametrize(
    ("length", "sure", "counts"),
    [
        pytest.param(CONFIG.long, SURE, True, id="a soft caller"),
        pytest.param(CONFIG.long - 1, SURE, False, id="short"),
        pytest.param(CONFIG.long, UNSURE, False, id="unsure"),
    ],
)
def test_the_networks_prove_a_voice_if_they_are_sure_for_long(length: int, sure: float, counts: bool) -> None:
    told, _ = counted([(100, 100 + length)], [], sure)
    assert told == ([(100, 100 + length)] if counts else [])


def test_a_pause_within_a_word_does_not_part_it() -> None:
    half = CONFIG.long // 2
    speech = [(100, 100 + half), (100 + half + JOIN, 100 + 2 * half + JOIN)]
    assert counted(speech, [], SURE)[0] == speech


def test_what_may_become_a_voice_waits() -> None:
    begins = LENGTH - CONFIG.long // 2
    assert counted([(begins, LENGTH)], [], SURE, settled=LENGTH) == ([], begins)
    assert counted([(begins, LENGTH)], [], UNSURE, settled=LENGTH) == ([], LENGTH)
    assert counted([(begins, LENGTH)], [], SURE) == ([], LENGTH), "nothing comes after the end"


def test_speech_that_the_quick_detector_has_not_decided_waits_and_silence_does_not() -> None:
    assert counted([(200, 300), (310, 320)], voice(200, 300), settled=305) == ([(200, 300)], 310)
    assert counted([(200, 300)], voice(200, 300), settled=305) == ([(200, 300)], LENGTH)


def test_a_voice_that_the_networks_proved_goes_on() -> None:
    proof = Proof()
    long = np.ones(CONFIG.long, bool)
    proof.voices.hear([], OPEN)
    assert proof.counts(0, long, SURE * long).all()
    assert proof.counts(CONFIG.long, long[:20], UNSURE * long[:20]).all()
    proof.skip_to(10 * LENGTH)
    proof.voices.hear([], OPEN)
    assert not proof.counts(10 * LENGTH, long[:20], UNSURE * long[:20]).any()


@given(st.lists(st.booleans(), min_size=60, max_size=120), st.integers(0, 60), st.integers(1, 50))
def test_judging_again_gives_the_same(told: list[bool], first: int, more: int) -> None:
    speech = np.array(told)
    once, again = Proof(), Proof()
    for proof in (once, again):
        proof.voices.hear(voice(20, 40), OPEN)
    whole = once.counts(0, speech, np.zeros(len(speech)))
    again.counts(0, speech[: first + more], np.zeros(len(speech[: first + more])))
    assert (again.counts(first, speech[first:], np.zeros(len(speech) - first)) == whole[first:]).all()
