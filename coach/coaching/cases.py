"""What a decision is about: a listener who took the floor, or somebody who came to an end for now.

A `Case` is opened when a cue *may* be due, goes through the gates, and ends as one `Cue` event. There are two
sorts. A mark shows somebody what they have just done, and may sound while they speak. A case that `invites` speaks to
somebody in their own time: in silence only, and once in a story.

The loop tells the coach about a sharer's run with a `SharingRun`; rooms do not import one another, so this is its form
here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from coach.core.events import FloorTaken, Words
from coach.core.span import RATE, Span, as_seconds

RECENTLY = 10 * RATE  # samples of a sharer's talk that tell how sure the name is; a last "so…" alone is too short

Story = tuple[str, int]  # whose, and the number of their run, or the sample at which somebody answered what was no run
Figures = dict[str, Any]  # what a decision rests on; times in seconds
Voices = list[tuple[str, Span]]  # who has to be known, and by which speech


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingRun:
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
    """A listener took the floor after a share: a mark may be due, or, the third time, an invitation to let it land."""

    taken: FloorTaken
    story: Story
    invites: bool = False

    @property
    def kind(self) -> str:
        if self.invites:
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
        """What a tone is about: long after it, it would be about something past."""
        return self.taken.onset

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

    def voices(self, now: int) -> Voices:
        return [_recently(self.sharer, self.share_end), (self.to, Span(self.taken.onset, now))]


@dataclass(frozen=True, slots=True)
class Paused:
    """A sharer whose run stayed at event level has been silent for a while: an invitation inward may be due."""

    invites: ClassVar[bool] = True

    stretch: SharingRun
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

    def voices(self, _now: int) -> Voices:
        return [_recently(self.sharer, self.share_end)]

    def gone_on(self, ended: int) -> Paused:
        """The sharer spoke again while the case waited, and stopped at `ended`."""
        return replace(self, share_end=ended)


@dataclass(frozen=True, slots=True)
class Responded:
    """A listener who answered a share with advice, or with a story of their own, has been silent for a while."""

    invites: ClassVar[bool] = True

    taken: FloorTaken
    words: Words  # of the answer
    story: Story
    ended: int
    moment: int

    @property
    def kind(self) -> str:
        return "curious"

    @property
    def to(self) -> str:
        return self.taken.who

    @property
    def sharer(self) -> str:
        return self.taken.after

    @property
    def began(self) -> int:
        return self.moment

    @property
    def share_end(self) -> int:
        return self.taken.onset - self.taken.fto

    @property
    def figures(self) -> Figures:
        return {
            "after": self.taken.after,
            f"p_{(self.words.response or '').replace(' ', '_')}": self.words.p_response,
            "share_end_s": as_seconds(self.share_end),
        }

    def voices(self, _now: int) -> Voices:
        return [_recently(self.sharer, self.share_end), _recently(self.to, self.ended)]

    def gone_on(self, ended: int) -> Responded:
        return replace(self, ended=ended)


Case = Taken | Paused | Responded


def _recently(who: str, end: int) -> tuple[str, Span]:
    return who, Span(end - RECENTLY, end)
