"""What people say into cues: readers of the development data, and sentences of which every word is known."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np

from coach.audio.source import Samples
from coach.span import RATE
from measuring.aloud import aloud
from measuring.made import loaded

LENGTH_S = (2.0, 5.0)  # of what a reader says
VOICES = ("slt", "rms", "awb", "kal16")  # of flite
SENTENCES = (
    "We left the house before the sun was up",
    "My brother had forgotten the key again",
    "I never know what to say when she looks at me",
    "There was a long line in front of the bakery",
    "He told me that the meeting was moved to Friday",
    "And then the whole thing fell on the floor",
    "I think we should talk about the garden first",
    "She called me twice while I was driving home",
    "The children were already asleep when I came back",
    "It took them three weeks to fix the window",
    "I wish that somebody had asked me about it",
    "We used to walk along the river every evening",
    "My father would have laughed about that",
    "The doctor said that it would get better soon",
    "I put the letter on the table in the kitchen",
    "Nobody wanted to sit next to the old man",
    "He bought a new coat for the winter",
    "I am not sure that I understood you",
    "The train was full and I had to stand",
    "You said that you would be there at noon",
    "I could hear them singing from the street",
    "Maybe we can try it again next summer",
    "She gave me the book that you were looking for",
    "It was raining when we came out of the theatre",
)


@cache
def tool(data: Path) -> ModuleType:
    return loaded(data / "tools" / "mix_conversation.py")


def readers(data: Path, many: int) -> list[Samples]:
    """A piece each of so many readers, as loud as talk."""
    out = []
    for file in sorted((data / "data" / "audio" / "voices").iterdir()):
        pieces = [x for x, _ in tool(data).pieces(file) if LENGTH_S[0] <= len(x) / RATE <= LENGTH_S[1]]
        out += [np.asarray(x, np.float32) for x in pieces[:1]]
    return out[:many]


@cache
def sentences() -> list[tuple[Samples, str]]:
    """Each of the sentences by one of the voices, and its words."""
    return [(aloud(VOICES[i % len(VOICES)], text), text) for i, text in enumerate(SENTENCES)]
