"""The networks listen only where somebody may be speaking, and only what they hear proves a voice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from coach.core.span import HOP, RATE
from coach.diarization import Segmentation
from coach.diarization.ear import Ear
from coach.diarization.judges import Listening
from coach.diarization.tape import Tape
from coach.vad import FRAME, OPEN, Began, Stopped
from tests.vad.made_sound import hops_of, laid, longest, said


def test_the_networks_listen_only_where_somebody_may_be_speaking() -> None:
    spoken = [(start, said(*longest(who))[: 3 * RATE]) for start, who in ((1.0, "Ana"), (4.5, "Ben"))]
    tape = Tape()
    for _ in Ear(senses=tape).hops(np.array(hops_of(laid(12.0, *spoken)))):
        pass
    listened = [judged.look is not None for judged in tape.judged]
    assert any(listened)
    assert not any(listened[-3:])
    assert not any(judged.speech.any() for judged in tape.judged if judged.look is None)


class Eager:
    """A quick detector that takes everything for speech, and proves nothing."""

    active = (True,) * (HOP // FRAME)
    steady = (False,) * (HOP // FRAME)
    settled = OPEN
    levels = np.zeros(HOP // FRAME)

    def hops(self, samples: np.ndarray) -> Iterator[list[Began | Stopped]]:
        yield from ([] for _ in samples)

    def skip_to(self, frame: int) -> list[Began | Stopped]:
        return []


@pytest.mark.parametrize("overlap", [True, False])
def test_without_the_segmentation_the_networks_prove_nothing(overlap: bool) -> None:
    sentence = said(*longest("Ana"))[: 2 * RATE]
    listening = Listening()
    for hop in hops_of(laid(3.0, (0.5, sentence))):
        listening.hop(hop, Eager(), [])
    assert listening.judge(0, 3 * RATE // FRAME, overlap).speech.any() == overlap


@pytest.mark.parametrize("said_from", [None, 2.0])
def test_windows_are_foreseen_only_where_somebody_may_be_speaking(
    said_from: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quiet room is loud enough for the network, which scales each window to one level."""
    heard: list[int] = []
    windows = Segmentation.windows

    def noted(network: Segmentation, sounds: np.ndarray) -> np.ndarray:
        heard.append(len(sounds))
        return windows(network, sounds)

    monkeypatch.setattr(Segmentation, "windows", noted)
    spoken = [] if said_from is None else [(said_from, said(*longest("Ana"))[: 2 * RATE])]
    tape = Tape()
    ear = Ear(senses=tape)
    quiet = np.array(hops_of(laid(7.0)))
    rest = np.array(hops_of(laid(12.0, *spoken)))
    for _ in (*ear.hops(quiet), *ear.hops(rest)):
        pass
    looks = sum(judged.look is not None for judged in tape.judged)
    assert sum(heard) <= looks + 1
    assert looks < 8
    assert bool(heard) == (said_from is not None)
    assert max(heard, default=2) > 1, "what is foreseen comes in a batch"
