"""Kept voices: a model without audio, private to its owner, and deleted on request."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import numpy as np
import pytest

from coach.core.errors import CoachError
from coach.sessions.voices import VOICES_FOLDER, forget_voice, forget_voices, keep_voice, kept_voices, names_kept

MODEL = {"weights": np.array([0.25, 0.75]), "means": np.zeros((2, 3)), "variances": np.ones((2, 3))}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_voice_comes_back_unchanged_and_contains_nothing_else(tmp_path):
    path = keep_voice(tmp_path, "Ana", MODEL)
    (voice,) = kept_voices(tmp_path, ["Ana"]).values()
    assert {name: array.tolist() for name, array in voice.items()} == {k: v.tolist() for k, v in MODEL.items()}
    with np.load(path) as stored:
        assert sorted(stored.files) == ["means", "variances", "weights"]


def test_only_the_owner_can_read_a_kept_voice_even_when_it_is_replaced(tmp_path):
    before = os.umask(0)
    try:
        path = keep_voice(tmp_path, "Ana", MODEL)
        path.chmod(0o644)
        assert mode(keep_voice(tmp_path, "Ana", MODEL)) == 0o600
        assert mode(path.parent) == 0o700
    finally:
        os.umask(before)


def test_one_voice_of_two_is_not_used(tmp_path):
    keep_voice(tmp_path, "Ana", MODEL)
    assert kept_voices(tmp_path, ["Ana", "Ben"]) == {}
    keep_voice(tmp_path, "Ben", MODEL)
    assert list(kept_voices(tmp_path, ["Ben", "Ana"])) == ["Ben", "Ana"]


@pytest.mark.parametrize("who", ["Ana/Ben", "..", "Zoë", "con:1", "*"])
def test_a_voice_can_be_kept_under_any_name(tmp_path, who):
    assert keep_voice(tmp_path, who, MODEL).parent == tmp_path / VOICES_FOLDER
    assert names_kept(tmp_path) == [who]


def test_forgetting_voices_leaves_no_file_not_even_of_an_interrupted_write(tmp_path):
    keep_voice(tmp_path, "Ana", MODEL)
    keep_voice(tmp_path, "Ben", MODEL)
    (tmp_path / VOICES_FOLDER / ".Ana.npz.tmp8x2k").write_bytes(b"half a model")
    assert forget_voices(tmp_path) == 2
    assert list((tmp_path / VOICES_FOLDER).iterdir()) == []
    assert names_kept(tmp_path) == []
    assert kept_voices(tmp_path, ["Ana"]) == {}
    assert forget_voices(tmp_path) == 0


def test_without_kept_voices_there_are_none_to_forget(tmp_path):
    assert forget_voices(tmp_path) == 0
    assert not list(tmp_path.iterdir())


def test_a_voice_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    (tmp_path / VOICES_FOLDER / "Ana.npz").mkdir(parents=True)
    with pytest.raises(CoachError, match="the voice of Ana could not be kept"):
        keep_voice(tmp_path, "Ana", MODEL)
    assert [path.name for path in (tmp_path / VOICES_FOLDER).iterdir()] == ["Ana.npz"]


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "No space left"), MemoryError(), KeyboardInterrupt()])
def test_no_part_of_a_voice_stays_whatever_breaks_its_writing_off(tmp_path, monkeypatch, fault):
    def broken_off(part: Path, whole: Path) -> None:
        assert [part] == list(whole.parent.iterdir())
        raise fault

    monkeypatch.setattr(Path, "replace", broken_off)
    with pytest.raises(CoachError if isinstance(fault, OSError) else type(fault)):
        keep_voice(tmp_path, "Ana", MODEL)
    assert list((tmp_path / VOICES_FOLDER).iterdir()) == []


@pytest.mark.parametrize("cut", [0, 10, 200, -30])
def test_a_damaged_voice_is_reported_with_what_to_do(tmp_path, cut):
    path = keep_voice(tmp_path, "Ana", MODEL)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(CoachError, match=r"the kept voice of Ana cannot be read .* `coach forget voices`"):
        kept_voices(tmp_path, ["Ana"])


def test_a_file_without_numeric_arrays_is_damaged_too(tmp_path):
    path = keep_voice(tmp_path, "Ana", MODEL)
    np.savez(path, anything=np.array([{"an": "object"}], dtype=object))
    with pytest.raises(CoachError, match="cannot be read"):
        kept_voices(tmp_path, ["Ana"])


def test_the_longest_name_of_any_script_can_keep_a_voice_and_is_listed_by_its_name(tmp_path):
    who = 40 * "\u0e19\u0e34"
    keep_voice(tmp_path, who, MODEL)
    assert names_kept(tmp_path) == [who]
    assert sorted(kept_voices(tmp_path, [who])[who]) == sorted(MODEL)
    forget_voice(tmp_path, who)
    assert names_kept(tmp_path) == []


def test_a_voice_is_found_under_either_form_of_its_name(tmp_path):
    keep_voice(tmp_path, "Zoe\u0308", MODEL)
    assert list(kept_voices(tmp_path, ["Zo\u00eb"])) == ["Zo\u00eb"]
    keep_voice(tmp_path, "Zo\u00eb", MODEL)
    assert len(names_kept(tmp_path)) == 1
