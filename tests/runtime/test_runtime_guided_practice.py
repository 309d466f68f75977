"""The guided beginning in real time: spoken if there is a voice, and always shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from coach.audio.player import NoPlayer
from coach.audio.source import Samples
from coach.coaching import Catalogue, Line, Practice
from coach.coaching.practice import CONFIG, length
from coach.core.span import HOP, RATE
from coach.runtime.guided_practice import practise, say_closing_lines
from tests.runtime.staged import AtOnce, sounds

SENTENCES = Catalogue.load()["practice"].wordings


def hum(folder: Path) -> Callable[[str], Samples | None]:
    """The same clip of four seconds for every sentence."""
    prepared = sounds(folder)
    return lambda text: prepared.clip("practice", text)


def test_every_sentence_is_spoken_and_shown_when_it_begins(tmp_path: Path) -> None:
    shown: list[tuple[int, str]] = []
    player = NoPlayer()
    practise(
        Practice(["a…", "b"]), player, hum(tmp_path), show=lambda at, text: shown.append((at, text)), clock=AtOnce()
    )
    assert player.played == ["said", "said"]
    (first, _), (second, _) = shown
    assert first == 0
    assert abs(second - (4 * RATE + CONFIG.long_silence)) <= 3 * HOP  # a hum of four seconds, and the silence


def test_without_a_voice_each_sentence_is_shown_at_its_time(tmp_path: Path) -> None:
    shown: list[str] = []
    clock, player = AtOnce(), NoPlayer()
    practise(
        Practice(SENTENCES),
        player,
        lambda _: None,
        show=lambda _, text: shown.append(text),
        clock=clock,
    )
    assert tuple(shown) == SENTENCES
    assert player.played == []
    assert abs(clock.time - length(SENTENCES) / RATE) < 0.5


def test_the_person_can_end_the_practice_and_its_current_sentence(tmp_path: Path) -> None:
    player, clock = NoPlayer(), AtOnce()
    practise(
        Practice(SENTENCES),
        player,
        hum(tmp_path),
        enough=lambda: clock.time >= 1.0,
        clock=clock,
    )
    player.reference(RATE)
    (played,) = player.finished()
    assert played.cut
    assert clock.time < 1.1


def test_closing_lines_are_spoken_in_order_and_not_cached(tmp_path: Path) -> None:
    sounds(tmp_path)
    player, clock = NoPlayer(), AtOnce()
    lines = [Line("summary_pause", "Your longest pause lasted 9 seconds."), Line("turns_question", "Ana, …?")]
    before = sorted(tmp_path.rglob("*"))
    say_closing_lines(lines, player, Catalogue.load(), own=tmp_path / "own", clock=clock)
    assert player.played == ["said", "said"]
    assert 8.0 <= clock.time < 30.0
    assert sorted(tmp_path.rglob("*")) == before


def test_without_closing_lines_nothing_waits(tmp_path: Path) -> None:
    player, clock = NoPlayer(), AtOnce()
    say_closing_lines([], player, Catalogue.load(), own=tmp_path, clock=clock)
    assert clock.time < 0.1
