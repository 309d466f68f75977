"""What a decision is about: a listener who took the floor, or a sharer who came to an end for now.

A `Case` is opened when a cue *may* be due, goes through the gates, and ends as one `coach.events.Cue`. The loop tells
the coach about a sharer's run with a `Stretch`; rooms do not import one another, so this is its form here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from coach.events import FloorTaken
from coach.span import Span, as_seconds

Story = tuple[str, int]  # whose, and the number of their run
Figures = dict[str, Any]  # what a decision rests on; times in seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What the estimate of one person's run of sharing says now.

    `span` is the hull of what was read, `speech` its samples of speech, `p_event` the probability that all of it stayed
    at event level, `events` whether that is certain enough for a cue, `story` a number that changes with a new run.
    """

    who: str
    span: Span
    speech: int
    sentences: int
    p_event: float
    events: bool
    story: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A listener took the floor after a share: a tone may be due, or, for the third time, a few words."""

    taken: FloorTaken
    story: Story | None
    words: bool = False  # a few words instead of the tone

    @property
    def kind(self) -> str:
        if self.words:
            return "let_it_land"
        return "over" if self.taken.over else "too_soon"

    @property
    def to(self) -> str:
        return self.taken.who

    @property
    def sharer(self) -> str:
        return self.taken.after

    @property
    def moment(self) -> int:
        """When it could first be decided: waiting counts from here."""
        return self.taken.at

    @property
    def began(self) -> int:
        """What the cue is about: a cue long after it is about something past."""
        return self.taken.at if self.words else self.taken.onset

    @property
    def share_end(self) -> int:
        return self.taken.onset - self.taken.fto

    @property
    def figures(self) -> Figures:
        return {
            "after": self.taken.after,
            "onset_s": as_seconds(self.taken.onset),
            "fto_s": as_seconds(self.taken.fto),
        }


@dataclass(frozen=True, slots=True)
class Paused:
    """A sharer whose run stayed at event level has been silent for a while: an invitation inward may be due."""

    stretch: Stretch
    share_end: int
    moment: int

    @property
    def kind(self) -> str:
        return "inward"

    @property
    def to(self) -> str:
        return self.stretch.who

    @property
    def sharer(self) -> str:
        return self.stretch.who

    @property
    def story(self) -> Story:
        return (self.stretch.who, self.stretch.story)

    @property
    def began(self) -> int:
        return self.moment

    @property
    def figures(self) -> Figures:
        return {
            "told_s": as_seconds(self.stretch.speech),
            "sentences": self.stretch.sentences,
            "p_event": round(self.stretch.p_event, 3),
            "share_end_s": as_seconds(self.share_end),
        }


Case = Taken | Paused
