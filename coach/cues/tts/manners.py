"""The manners of the neural voice: how slowly and how low it speaks.

Pure. Pace and pitch were chosen by measure (`scripts/bench/run voice`, docs/voice.md): words understood in a room, the
voice softer than talk, over noise.

>>> manner_of("neural/heart-lower")[0]
'heart'
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.cues.tts.voices import NEURAL


@dataclass(frozen=True, slots=True)
class Manner:
    """A pace (a factor; 1.0 is the voice's own, about 200 words a minute) and a pitch (a factor on the fundamental)."""

    speed: float
    pitch: float
    says: str


MANNERS = {  # by the end of a voice's id
    "": Manner(0.6, 1.0, "slow"),
    "lower": Manner(0.6, 0.94, "slow and a little low"),
    "brisker": Manner(0.75, 1.0, "less slow"),
}


def manner_of(voice: str) -> tuple[str, Manner]:
    """The name of a neural voice, given its id, and the manner in which it speaks; an unknown one is the usual."""
    name, _, manner = voice.removeprefix(NEURAL).partition("-")
    return name, MANNERS.get(manner, MANNERS[""])
