"""Speech while the coach does not listen: the guided beginning without a talk, and the closing lines of a session."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from coach.audio import Clock, Samples, Speaker
from coach.coaching import Catalogue, Line, Practice
from coach.core.span import HOP, RATE
from coach.cues import CueSounds


def practise(
    practice: Practice,
    speaker: Speaker,
    clip: Callable[[str], Samples | None],
    *,
    show: Callable[[int, str], None] = lambda at, text: None,
    enough: Callable[[], bool] = lambda: False,
    gain_db: float = 0.0,
    clock: Clock | None = None,
) -> None:
    """Speaks the sentences of `practice` at their times, until all are spoken or `enough` returns True.

    `show` is called with the start (in samples) and the text of each sentence. Without a `clip`, it is only shown.
    """
    clock = clock or Clock()
    begun, now = clock.now(), 0
    while not practice.done and not enough():
        text = practice.tick(now, speaking=speaker.playing)
        if text is not None:
            show(now, text)
            if (sound := clip(text)) is not None:
                speaker.play(sound, gain_db, name="said")
        speaker.reference(HOP)  # a speaker without a device advances by this
        speaker.finished()  # a lost speaker reports that, and reopens
        now += HOP
        clock.sleep(max(0.0, begun + now / RATE - clock.now()))
    speaker.stop()


def say_closing_lines(
    lines: Sequence[Line],
    speaker: Speaker,
    catalogue: Catalogue,
    *,
    own: Path,
    voice: str | None = None,
    gain_db: float = 0.0,
    clock: Clock | None = None,
) -> None:
    """Speaks `lines` about this session without caching their sound. Does nothing if they cannot be rendered."""
    kinds = {line.kind: catalogue[line.kind] for line in lines}
    with tempfile.TemporaryDirectory(prefix="coach-") as folder:
        sounds = CueSounds(Path(folder), replace(catalogue, entries=kinds), own=own, voice=voice)
        sounds.prepare([(line.kind, line.text) for line in lines])
        clips = {line.text: clip for line in lines if (clip := sounds.clip(line.kind, line.text)) is not None}
    practise(
        Practice([line.text for line in lines if line.text in clips]), speaker, clips.get, gain_db=gain_db, clock=clock
    )
