"""The ledger of the cues given so far. The budget and the rotation of wordings rest on it.

The two bowls that mark the change of turns (`turns_by_clock`) are not entered. People chose those moments themselves,
so the bowls pass no gate and use up no budget: a "too soon" tone may follow one as at any other time. The rising tone
that asks before an invitation counts as a spoken cue, in whose place it sounds.
"""

from __future__ import annotations

from coach.coaching.cases import ASK, Story
from coach.core.events import Cue


class Ledger:
    """The cues given, in order; the stories in which the coach spoke; the sample at which the last cue ends."""

    def __init__(self) -> None:
        self._given: list[Cue] = []
        self._stories: set[Story] = set()
        self._sounds_until = 0

    def enter(self, cue: Cue, nominal: int, story: Story | None) -> None:
        """Enters a cue that was given.

        It is assumed to last `nominal` samples until `sounded` corrects that. `story` is the story in which no other
        spoken cue may follow; it is None for a cue that may come again.
        """
        self._given.append(cue)
        self._sounds_until = cue.at + nominal
        if story is not None:
            self._stories.add(story)

    def sounded(self, until: int) -> None:
        """Sets the sample at which the last cue ended, as the player reported it."""
        self._sounds_until = until

    def sounding(self, now: int) -> bool:
        """Whether the last cue is still playing at the sample `now`."""
        return now < self._sounds_until

    def spoke_in(self, story: Story) -> bool:
        """Whether a cue that may come once in each story was given in `story`."""
        return story in self._stories

    def last(self, form: str) -> int | None:
        """The sample at which the last cue of this form was given; None if there was none."""
        return next((cue.at for cue in reversed(self._given) if _counted_as(cue) == form), None)

    def count(self, form: str, since: int) -> int:
        """The number of cues of this form given after the sample `since`."""
        return sum(_counted_as(cue) == form and cue.at > since for cue in self._given)

    def said(self, kind: str) -> list[str]:
        """The wordings of this kind given so far, in order. They decide the next wording."""
        return [cue.text for cue in self._given if cue.kind == kind]

    def tones(self, who: str, since: int) -> int:
        """The number of tones addressed to `who` after the sample `since`."""
        return sum(cue.to == who and _counted_as(cue) == "tone" and cue.at > since for cue in self._given)


def _counted_as(cue: Cue) -> str:
    """The form as which a cue uses up the budget."""
    return "spoken" if cue.kind == ASK else cue.form
