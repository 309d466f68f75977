"""People who speak over cues: readers of the development data, and synthetic voices with a known text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np

from coach.audio.source import Samples
from coach.core.span import RATE
from scripts.simulate.mixtures import loaded
from scripts.simulate.tts import aloud

LENGTH_S = (2.0, 5.0)  # range of a reader's utterances
VOICES = ("slt", "rms", "awb", "kal16")  # flite voices
BETWEEN = np.zeros(RATE // 4, np.float32)  # silence between a reader's pieces
TALK = "Before we begin I will tell you who I am, and how I came here. I took the early bus, and it was still dark."
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


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """One of two people: `talk` is for enrolment, `says` is spoken over cues, and `words` is its text if known.

    All audio is (n,) at 16 kHz.
    """

    talk: Samples
    says: tuple[Samples, ...]
    words: tuple[str, ...] | None = None


def readers(data: Path, many: int) -> list[Person]:
    """The given number of readers. Each says one piece over cues and enrols with the others."""
    out = []
    for file in sorted((data / "data" / "audio" / "voices").iterdir()):
        pieces = [np.asarray(x, np.float32) for x, _ in tool(data).pieces(file)]
        said = next((i for i, x in enumerate(pieces) if LENGTH_S[0] <= len(x) / RATE <= LENGTH_S[1]), None)
        if said is not None:
            others = [sound for i, x in enumerate(pieces) if i != said for sound in (x, BETWEEN)]
            out.append(Person(np.concatenate(others), (pieces[said],)))
    return out[:many]


@cache
def speakers() -> list[Person]:
    """The synthetic voices, each with its share of the sentences."""
    shares = [SENTENCES[i :: len(VOICES)] for i in range(len(VOICES))]
    return [
        Person(aloud(voice, TALK), tuple(aloud(voice, text) for text in share), tuple(share))
        for voice, share in zip(VOICES, shares, strict=True)
    ]
