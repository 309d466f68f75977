"""The sample conversation: heard through the speaker with the cues over it, named all the time, and not kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from coach.audio import NoPlayer, Recording, Samples
from coach.cli.main import main
from coach.cli.showing import badge
from coach.core.resources import asset
from coach.core.settings import Settings, data_folder
from coach.core.span import HOP, RATE
from coach.runtime import Plan, devices
from coach.runtime.devices import CONFIG, SampleAloud
from coach.sessions import DATABASE_FILE, Store


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


class Room(NoPlayer):
    """A speaker that notes what is laid under the cues, and whether it has begun."""

    def __init__(self, device: str | None = None) -> None:
        super().__init__()
        self.under: list[tuple[int, float]] = []
        self.begun = False

    def lay_under(self, sound: Samples, gain_db: float) -> Callable[[], None]:
        self.under.append((len(sound), gain_db))

        def begin() -> None:
            self.begun = True

        return begin


@pytest.fixture
def speaker(monkeypatch: pytest.MonkeyPatch) -> Room:
    room = Room()
    monkeypatch.setattr(devices, "Player", lambda device: room)
    return room


def short(*more: str) -> int:
    return main(["listen", "--input", "sample", "--plain", "--minutes", "0.01", "--transcriber", "none", *more])


def test_the_sample_is_played_softly_and_nothing_of_it_is_kept(
    speaker: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    assert short() == 0
    length = Recording(asset("sample.flac")).length
    assert speaker.under == [(length, CONFIG.talk_db)]
    assert speaker.begun
    assert "coach: this was the sample conversation; nothing of it was kept" in capsys.readouterr().err.splitlines()
    with Store(data_folder() / DATABASE_FILE) as store:
        assert store.sessions() == []


@pytest.mark.parametrize("option", ["--silent", "--cues=none"])
def test_the_sample_is_not_played_if_nobody_wants_to_hear_it(speaker: Room, option: str) -> None:
    assert short(option) == 0
    assert speaker.under == []


def test_the_sample_begins_to_sound_with_the_first_block_that_the_coach_hears() -> None:
    room = Room()
    items = SampleAloud(Recording(asset("sample.flac"), block_s=0.02), room).blocks()
    next(items)  # the device
    assert not room.begun
    block = next(items)
    assert room.begun
    assert np.shape(block.samples) == (HOP, 1)  # type: ignore[union-attr]


def test_the_sample_and_the_cues_over_it_sound_from_one_speaker() -> None:
    room = NoPlayer()
    source = SampleAloud(Recording(asset("sample.flac"), block_s=0.02), room)
    for _, _ in zip(range(3), source.blocks(), strict=False):
        pass
    heard, _ = room.queue.fill(10 * RATE)
    talk = 20 * np.log10(np.sqrt(np.mean(heard[np.abs(heard) > 0.003] ** 2)))
    assert -40 < talk < -25


def test_the_screen_says_all_the_time_that_it_is_the_sample() -> None:
    plan = Plan(people=("Ana", "Ben"), settings=Settings(), version="0", sample=True)
    assert badge(plan) == "sample · keeps times and counts only"
