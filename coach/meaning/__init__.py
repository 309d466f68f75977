"""What a stretch of talk tells: text into depth of sharing, stretches into runs, and answers into kinds of response.

`read` judges one stretch of one person's talk, `Reader` after what they said before; `Runs` puts stretches together
to "this person has told only what happened for a good while". `respond` names the kind of an answer, `Answers` knows
what it answers. All are pure: text and sample times in, frozen values out. The word lists lie beside the code in
`lexicons/`, readable and editable, the weights in `weights/`, one folder a language.

>>> reading = read("and then she left and I felt so lonely")
>>> reading.level in ("2", "3"), reading.kinds
(True, ('feelings',))
>>> read("I felt the table").kinds
()
"""

from coach.meaning.reading import LANGUAGES, Reader, Reading, read
from coach.meaning.responses import RESPONSES, Answers, Response, respond
from coach.meaning.runs import RunEstimate, Runs

__all__ = [
    "LANGUAGES",
    "RESPONSES",
    "Answers",
    "Reader",
    "Reading",
    "Response",
    "RunEstimate",
    "Runs",
    "read",
    "respond",
]
