"""What the networks heard is remembered bit for bit, and only for the same input and the same weights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from coach.core.networks import load_network
from coach.core.span import RATE
from coach.diarization import DEFAULT_EMBEDDING
from tests.remembered_networks import Memory, Remembering, afresh

SEGMENTATION = ("coach.diarization", "weights", "segmentation.onnx")
EMBEDDING = ("coach.diarization", "weights", "embedding.onnx")
SECONDS = np.random.default_rng(1).normal(size=(2, RATE)).astype(np.float32)
BANDS = SECONDS[:, : 50 * DEFAULT_EMBEDDING.bands].reshape(2, -1, DEFAULT_EMBEDDING.bands)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    kept = Memory(tmp_path / "results")
    yield kept
    kept.close()


def test_a_remembered_result_is_the_networks_own_bit_for_bit(memory: Memory) -> None:
    (own,) = load_network(*SEGMENTATION).run(None, {"sound": SECONDS})
    first, again = Remembering(memory, *SEGMENTATION), Remembering(memory, *SEGMENTATION)
    told = [network.run(None, {"sound": SECONDS})[0] for network in (first, first, again)]
    assert all(each.dtype == own.dtype and np.array_equal(each, own) for each in told)
    assert (first.heard, again.heard) == (1, 0)


def test_any_other_input_is_heard(memory: Memory) -> None:
    network = Remembering(memory, *SEGMENTATION)
    louder = SECONDS.copy()
    louder[1, -1] += 1e-6
    for given in (SECONDS, SECONDS[:1], SECONDS.reshape(1, -1), louder):
        network.run(None, {"sound": given})
    assert network.heard == 4


def test_other_weights_are_heard(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    Remembering(memory, *EMBEDDING).run(None, {"bands": BANDS})
    monkeypatch.setattr("tests.remembered_networks.packaged", lambda *_: b"other weights")
    other = Remembering(memory, *EMBEDDING)
    other.run(None, {"bands": BANDS})
    assert other.heard == 1


def test_a_network_can_be_made_to_hear_for_itself(memory: Memory) -> None:
    network = Remembering(memory, *EMBEDDING)
    with afresh():
        for _ in range(2):
            network.run(None, {"bands": BANDS})
    assert network.heard == 2
    network.run(None, {"bands": BANDS})
    assert network.heard == 3  # nothing was remembered meanwhile


def test_a_database_that_is_too_large_is_begun_anew(tmp_path: Path) -> None:
    for most, kept in ((1_000_000, True), (1000, False)):
        memory = Memory(tmp_path / "results")
        memory.put(b"key", np.zeros((2, 3), np.float32))
        memory.close()
        again = Memory(tmp_path / "results", most)
        found = again.get(b"key")
        again.close()
        assert (found is not None) == kept
