"""The meaning of words: the depth of sharing in a stretch, runs of stretches, and the kind of an answer.

A stretch is the text that one person said without a break. `read` classifies one stretch; `Reader` does so in the
context of what the same person said before. `Runs` joins stretches to "this person has shared only events for a while".
`respond` names the kind of an answer; `Answers` knows what it answers. All are pure: text and sample times in, frozen
values out. Word lists are text files in `lexicons/`, weights are in `weights/`, with one folder per language.

>>> reading = read("and then she left and I felt so lonely")
>>> reading.level in ("2", "3"), reading.kinds
(True, ('feelings',))
>>> read("I felt the table").kinds
()
"""

from coach.meaning.depth import DepthModel
from coach.meaning.reading import LANGUAGES, Reader, Reading, ReadingConfig, read
from coach.meaning.responses import Answers, Response, ResponseConfig, respond
from coach.meaning.runs import RunConfig, RunEstimate, Runs, TellingFigures, probability_all_event

__all__ = [
    "LANGUAGES",
    "Answers",
    "DepthModel",
    "Reader",
    "Reading",
    "ReadingConfig",
    "Response",
    "ResponseConfig",
    "RunConfig",
    "RunEstimate",
    "Runs",
    "TellingFigures",
    "probability_all_event",
    "read",
    "respond",
]
