"""The guided beginning in real time: spoken where there is a voice, shown in any case."""

from __future__ import annotations

from pathlib import Path

from staged import AtOnce, sounds

from coach.audio.player import NoPlayer
from coach.coaching import Catalogue, Practice
from coach.coaching.practice import LONG_SILENCE, length
from coach.coaching.voice import CueSounds
from coach.loop.practising import practise
from coach.span import HOP, RATE

SENTENCES = Catalogue.load()["practice"].wordings


def test_every_sentence_sounds_and_is_shown_when_it_begins(tmp_path: Path) -> None:
    shown: list[tuple[int, str]] = []
    player = NoPlayer()
    practise(
        Practice(["a…", "b"]), player, sounds(tmp_path), show=lambda at, text: shown.append((at, text)), clock=AtOnce()
    )
    assert player.played == ["practice", "practice"]
    (first, _), (second, _) = shown
    assert first == 0
    assert abs(second - (4 * RATE + LONG_SILENCE)) <= 3 * HOP  # a hum of four seconds, and the silence


def test_with_no_voice_it_is_all_shown_in_its_time(tmp_path: Path) -> None:
    shown: list[str] = []
    clock, player = AtOnce(), NoPlayer()
    practise(
        Practice(SENTENCES),
        player,
        CueSounds(tmp_path, Catalogue.load()),
        show=lambda _, text: shown.append(text),
        clock=clock,
    )
    assert tuple(shown) == SENTENCES
    assert player.played == []
    assert abs(clock.time - length(SENTENCES) / RATE) < 0.5


def test_who_has_enough_ends_it_and_what_sounds(tmp_path: Path) -> None:
    player, clock = NoPlayer(), AtOnce()
    practise(
        Practice(SENTENCES),
        player,
        sounds(tmp_path),
        show=lambda *_: None,
        enough=lambda: clock.time >= 1.0,
        clock=clock,
    )
    player.reference(RATE)
    (played,) = player.finished()
    assert played.cut
    assert clock.time < 1.1
