"""A line of a transcript, and how much evidence makes a label a name."""

from __future__ import annotations

from dataclasses import dataclass

from coach.review.imports.transcripts.labels import Form, Label, alone, key


@dataclass(frozen=True, slots=True)
class Evidence:
    """How often a label must occur to count as a name although it does not look like one."""

    recurs: int = 2
    recurs_often: int = 3
    often_share: float = 0.25  # of all lines
    form_share: float = 0.8  # of all lines; brackets and dashes also have other uses
    tab_share: float = 0.5
    bare_share: float = 0.8  # of all paragraphs that begin with a line which may be a name
    bare_share_recurring: float = 0.5
    plausible_people: int = 6  # of whom each says one line
    well_known: int = 3  # uses; beside such names, one that is used once is doubtful
    bare_words: int = 6
    phrase_words: int = 2  # a longer label in lower case must recur often
    timed_share: float = 0.5  # of the lines with a time that may hold a name; with fewer, times stand before the words


DEFAULTS = Evidence()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a transcript with its number in the file. `who` is set where the format itself says who speaks.

    `times`: when it begins and ends, in seconds, as far as the format says it.
    """

    number: int
    text: str
    labels: tuple[Label, ...] = ()
    who: str | None = None
    timed: bool = False  # whether a time stands alone above or below it
    unnamed: bool = False  # whether the format says that somebody speaks, without a name
    times: tuple[float | None, float | None] = (None, None)

    @property
    def before_colon(self) -> Label | None:
        """The way to read the line as a name with a colon after it; None if there is no such way."""
        return next((each for each in self.labels if each.form is Form.COLON), None)

    @property
    def alone(self) -> str:
        """The key of the whole line, in case it is a name."""
        return key(alone(self.text))
