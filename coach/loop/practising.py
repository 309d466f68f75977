"""The guided beginning by itself: no microphone, only sentences and silences, in real time."""

from __future__ import annotations

from collections.abc import Callable

from coach.audio.player import Speaker
from coach.audio.source import Clock
from coach.coaching import Practice
from coach.coaching.voice import CueSounds
from coach.span import HOP, RATE


def practise(
    practice: Practice,
    speaker: Speaker,
    sounds: CueSounds,
    *,
    show: Callable[[int, str], None],
    enough: Callable[[], bool] = lambda: False,
    gain_db: float = 0.0,
    clock: Clock | None = None,
) -> None:
    """Says every sentence of `practice` in its time, until it is done or somebody had `enough`.

    `show` gets the sample at which each sentence begins, and the sentence; one that has no sound is only shown.
    """
    clock = clock or Clock()
    begun, now = clock.now(), 0
    while not practice.done and not enough():
        text = practice.tick(now, speaking=speaker.playing)
        if text is not None:
            show(now, text)
            clip = sounds.clip("practice", text)
            if clip is not None:
                speaker.play(clip, gain_db, name="practice")
        speaker.reference(HOP)  # a speaker that nobody hears keeps this time
        speaker.finished()  # and one that was lost says so, and is opened anew
        now += HOP
        clock.sleep(max(0.0, begun + now / RATE - clock.now()))
    speaker.stop()
