"""A session ends by Ctrl-C or by SIGKILL, and needs no network."""

from __future__ import annotations

from typing import Any

import pytest

from coach.core.resources import asset
from scripts.simulate.live.listening import Line, Listening, coach, exported
from scripts.simulate.live.sample import PEOPLE, ready
from scripts.simulate.live.soundserver import SoundServer

SAMPLE = asset("sample.flac")
KEPT_S = 1.0  # a killed session loses at most the last second

pytestmark = pytest.mark.timeout(180)


def enrolled(listening: Listening, who: str) -> Line:
    return listening.wait_for_line(
        f"that {who} is enrolled", lambda line: line.kind == "enrolled" and line.details.startswith(who), 40
    )


def same(line: Line, row: dict[str, Any]) -> bool:
    """Whether the printed line of speech and the stored stretch are the same."""
    who, seconds, _ = line.details.split()
    lasts = row["end_s"] - row["start_s"]
    return row["who"] == who and abs(lasts - float(seconds)) < 0.051 and 0 <= line.at - row["end_s"] < 1.5


def test_ctrl_c_ends_the_session_which_can_then_be_reviewed(sound_server: SoundServer) -> None:
    with Listening(sound_server.env, *PEOPLE) as listening:
        ready(listening)
        playing = sound_server.play(SAMPLE, end_s=30.0)
        enrolled(listening, "Ben")
        playing.wait_until(30.0)
        assert listening.interrupt() == 0, listening.said()
        assert listening.lines[-1].kind == "end"
    review = coach(sound_server.env, "review")
    assert review.returncode == 0, review.stderr
    assert "Ana" in review.stdout
    assert "Ben" in review.stdout


def test_a_killed_session_keeps_all_but_the_last_second(sound_server: SoundServer) -> None:
    with Listening(sound_server.env, *PEOPLE) as listening:
        ready(listening)
        playing = sound_server.play(SAMPLE, end_s=40.0)
        enrolled(listening, "Ben")
        playing.wait_until(33.0)
        killed = listening.kill()
        speech = [line for line in listening.of_kind("speech") if line.came < killed - KEPT_S]
    review = coach(sound_server.env, "review")
    assert review.returncode == 0, review.stderr
    kept = exported(sound_server.env)["speech"]
    assert len(speech) >= 4, listening.said()
    for line in speech:
        assert any(same(line, row) for row in kept), f"{line}\n{kept}"


def test_the_coach_listens_on_a_machine_without_a_network(sound_server: SoundServer) -> None:
    with Listening(sound_server.env, *PEOPLE, before=("unshare", "--net")) as listening:
        ready(listening)
        playing = sound_server.play(SAMPLE, end_s=26.0)
        enrolled(listening, "Ben")
        playing.wait_until(26.0)
        listening.wait_for_line(
            "what was said in words", lambda line: line.kind == "words" and "question" in line.details, 10
        )
        assert listening.interrupt() == 0, listening.said()


def test_neither_words_nor_sound_are_kept_unless_requested(sound_server: SoundServer) -> None:
    with Listening(sound_server.env, *PEOPLE) as listening:
        ready(listening)
        sound_server.play(SAMPLE, end_s=18.0)
        enrolled(listening, "Ben")
        assert listening.interrupt() == 0, listening.said()
    kept = [path for path in (sound_server.folder / "home" / "data").rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        assert b"kitchen" not in path.read_bytes(), path
        assert path.suffix not in {".flac", ".wav"} or "cues" in path.parts, path  # the coach's own sentences
