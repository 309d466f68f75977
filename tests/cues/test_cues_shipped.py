"""The recordings that ship: complete, shaped as all cues are, small, and heard instead of a rendering."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from coach.coaching import Catalogue
from coach.core.languages import SHIPPED, VOICE
from coach.core.resources import asset
from coach.core.span import RATE
from coach.cues.loudness import CONFIG as LOUDNESS
from coach.cues.recordings import read
from coach.cues.shipped import INDEX, ShippedVoice
from coach.cues.sounds import CueSounds
from scripts.make_voice import opus, record, wordings
from tests.made_language import SHIPPING
from tests.runtime.staged import VOICELESS

WEIGHT = 3_000_000  # bytes; what all recordings together may weigh


@pytest.mark.parametrize("language", SHIPPING)
def test_every_wording_without_a_name_has_a_recording_that_sounds_like_a_cue(language: str) -> None:
    voice = ShippedVoice(language)
    assert voice.says
    for text in wordings(language):
        path = voice.recording(text)
        assert path is not None, f"{text!r} is not recorded; run python -m scripts.make_voice"
        sound = read(path)
        assert 0.2 < len(sound) / RATE / len(text.split()) < 1.0, f"{text!r} lasts {len(sound) / RATE:.1f} s"
        loud = sound[np.abs(sound) > 0.01 * np.max(np.abs(sound))]
        assert 20 * np.log10(np.sqrt(np.mean(loud**2))) == pytest.approx(LOUDNESS.clip, abs=1.5)
        assert np.max(np.abs(sound[: RATE // 500])) < 0.1 * np.max(np.abs(sound))


def test_the_recordings_are_small_and_none_is_left_over() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*.ogg")) <= WEIGHT
    for language in SHIPPING:
        assert {path.name for path in (SHIPPED / language / VOICE).glob("*.ogg")} == set(wordings(language).values())


def test_a_coach_without_any_voice_says_all_that_ships(tmp_path: Path) -> None:
    for language in SHIPPING:
        assert CueSounds(tmp_path, Catalogue.load(language), **VOICELESS).prepare() == []
    assert list(tmp_path.iterdir()) == []


def test_a_wording_of_ones_own_and_a_voice_of_ones_own_are_rendered(tmp_path: Path) -> None:
    mine = Catalogue.load(override='[inward]\nwordings = ["…and how is that in you?", "…and then?"]')
    sounds = CueSounds(tmp_path, mine, **VOICELESS)
    assert sounds.clip("inward", "…and how is that in you?") is not None
    assert sounds.clip("inward", "…and then?") is None
    assert CueSounds(tmp_path, mine, voice="gmw/en-us").clip("inward", "…and how is that in you?") is None
    assert CueSounds(tmp_path, mine, voice="heart").clip("inward", "…and how is that in you?") is not None


def test_a_persons_own_recording_is_preferred_to_the_one_that_ships(tmp_path: Path) -> None:
    sf.write(tmp_path / "inward-1.wav", 0.1 * np.sin(np.arange(RATE) / 10), RATE)
    sounds = CueSounds(tmp_path / "cache", Catalogue.load(), own=tmp_path, **VOICELESS)
    own, ships = (sounds.clip("inward", text) for text in Catalogue.load()["inward"].wordings[:2])
    assert own is not None
    assert len(own) == pytest.approx(RATE, rel=0.01)
    assert ships is not None


def test_the_same_sound_is_stored_as_the_same_bytes_and_where_it_was(tmp_path: Path) -> None:
    sound = read(asset("tone_turn.wav"))
    for name in ("one.ogg", "two.ogg"):
        opus(tmp_path / name, sound)
    assert (tmp_path / "one.ogg").read_bytes() == (tmp_path / "two.ogg").read_bytes()
    stored = read(tmp_path / "one.ogg")
    assert len(stored) == len(sound)
    assert np.corrcoef(stored, sound)[0, 1] > 0.9


def test_only_a_wording_that_changed_is_recorded_anew(tmp_path: Path) -> None:
    index = json.loads((SHIPPED / "de" / VOICE / INDEX).read_text(encoding="utf-8"))
    changed, name = next(iter(index["wordings"].items()))
    before = {("…lass es." if text == changed else text): file for text, file in index["wordings"].items()}
    (tmp_path / INDEX).write_text(json.dumps(index | {"wordings": before}), encoding="utf-8")
    record(tmp_path, "de", changed=True)
    assert {path.name for path in tmp_path.iterdir()} == {INDEX, name}
    assert json.loads((tmp_path / INDEX).read_text(encoding="utf-8")) == index
