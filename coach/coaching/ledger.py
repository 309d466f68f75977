"""What was sounded so far: the book that the budget is kept in.

The two bowls by which a turn goes over (`turns_by_clock`) are not in it. People set that moment themselves, so no gate
is asked for it, and it takes no tone from anybody: in its wake "too soon" may sound as at any other time.
"""

from __future__ import annotations

from coach.coaching.cases import Story
from coach.core.events import Cue


class Ledger:
    """The cues that were given, in order, the stories in which one spoke, and how long the last cue still sounds."""

    def __init__(self) -> None:
        self._given: list[Cue] = []
        self._stories: set[Story] = set()
        self._sounds_until = 0

    def enter(self, cue: Cue, nominal: int, story: Story | None) -> None:
        """Books a given cue that is taken to sound for `nominal` samples; `story` is told now, None for none."""
        self._given.append(cue)
        self._sounds_until = cue.at + nominal
        if story is not None:
            self._stories.add(story)

    def sounded(self, until: int) -> None:
        """The player says that the last cue ended at the sample `until`."""
        self._sounds_until = until

    def sounding(self, now: int) -> bool:
        return now < self._sounds_until

    def told(self, story: Story) -> bool:
        """Whether a cue that may come once in a story was given in this one."""
        return story in self._stories

    def last(self, form: str) -> int | None:
        """When the last cue of this form was given."""
        return next((cue.at for cue in reversed(self._given) if cue.form == form), None)

    def said(self, kind: str) -> list[str]:
        """The words in which this kind was given so far; they choose the next ones."""
        return [cue.text for cue in self._given if cue.kind == kind]

    def tones(self, who: str, since: int) -> int:
        """How many tones `who` was given after the sample `since`."""
        return sum(cue.to == who and cue.form == "tone" and cue.at > since for cue in self._given)
