"""What a stretch of talk tells: text into depth of sharing, and stretches into runs.

`read` judges one stretch of one person's talk; `Runs` puts stretches together to "this person has told only what
happened for a good while". Both are pure: text and sample times in, frozen values out. The word lists and the weights
lie beside the code in `lexicons/`, one folder a language, readable and editable.

>>> reading = read("and then she left and I felt so lonely")
>>> reading.level in ("2", "3"), reading.kinds
(True, ('feelings',))
>>> read("I felt the table").kinds
()
"""

from coach.meaning.reading import Reading, read
from coach.meaning.runs import RunEstimate, Runs

__all__ = ["Reading", "RunEstimate", "Runs", "read"]
