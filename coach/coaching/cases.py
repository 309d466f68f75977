"""Cases: moments at which a cue may be due.

A case opens when a listener takes the floor, or when somebody stops speaking for now. It passes through the gates and
ends as one `Cue` event. There are two sorts. A mark shows people what they have just done; it may play while they
speak. An invitation (`invites`) addresses somebody in silence only, and only once in each story.

`SharingRun` is what the coach knows about a sharer's run of sharing. The pipeline fills it in from `coach.meaning`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from coach.coaching.recent import CONFIG as RECENT
from coach.core.events import FloorTaken, Words
from coach.core.span import Span, as_seconds

ASK = "ask"  # the kind of the tone that asks before an invitation inward (`coach.coaching.asking`)

Story = tuple[str, int]  # the sharer, and the number of their run; without a run, the onset of the answer in samples
Figures = dict[str, Any]  # the figures behind a decision; times in seconds
Voices = list[tuple[str, Span]]  # the people whose names must be certain, and the speech that decides it


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingRun:
    """The current estimate of one person's run of sharing.

    `span` is the hull of the sentences read, `speech` the samples of speech in it, `p_event` the probability that all
    of it stayed at event level, `events` whether that is certain enough for a cue, `story` the number of the run.
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
    """A listener took the floor after a share: a mark may be due or, the third time, an invitation to let it land."""

    taken: FloorTaken
    story: Story
    invites: bool = False
    lost: str | None = None  # what may be lost: one of those in `loss`

    @property
    def kind(self) -> str:
        """The kind of cue: "let_it_land" for an invitation, "over" where the share had not ended yet, or "too_soon"."""
        if self.invites:
            return "let_it_land"
        return "over" if self.taken.over else "too_soon"

    @property
    def to(self) -> str:
        """The person whom the cue addresses."""
        return self.taken.who

    @property
    def sharer(self) -> str:
        """The person whose share the case is about."""
        return self.taken.after

    @property
    def moment(self) -> int:
        """The sample at which the case could first be decided. Waiting counts from here."""
        return self.taken.at

    @property
    def began(self) -> int:
        """The sample of the event that a tone marks. A tone long after it comes too late."""
        return self.taken.onset

    @property
    def share_end(self) -> int:
        """The sample at which the share ended."""
        return self.taken.onset - self.taken.fto

    @property
    def figures(self) -> Figures:
        """When the turn began, its FTO, and how long the share was, in seconds; and what may be lost, if anything."""
        figures: Figures = {
            "after": self.taken.after,
            "onset_s": as_seconds(self.taken.onset),
            "fto_s": as_seconds(self.taken.fto),
            "share_s": as_seconds(self.taken.told),
        }
        return figures | ({"lost": self.lost} if self.lost else {})

    def voices(self, now: int) -> Voices:
        """The people whose names must be certain at the sample `now`, and the speech that decides it."""
        return [_recently(self.sharer, self.share_end), (self.to, Span(self.taken.onset, now))]


@dataclass(frozen=True, slots=True)
class Paused:
    """A sharer fell silent after a run at event level: an invitation inward may be due.

    `run` is the estimate when the case opened. `share_end` and `moment` are samples, as in `Taken`.
    """

    invites: ClassVar[bool] = True

    run: SharingRun
    share_end: int
    moment: int

    @property
    def kind(self) -> str:
        """The kind of cue in the catalogue."""
        return "inward"

    @property
    def to(self) -> str:
        """The sharer themselves."""
        return self.run.who

    @property
    def sharer(self) -> str:
        """The person whose run it is."""
        return self.run.who

    @property
    def story(self) -> Story:
        """The run that the invitation belongs to; it may be given once in it."""
        return (self.run.who, self.run.story)

    @property
    def began(self) -> int:
        """The same as `moment`, since the cue marks no earlier event."""
        return self.moment

    @property
    def figures(self) -> Figures:
        """How much was told, in seconds and sentences; `p_event`, 0 to 1; and when the share ended, in seconds."""
        return {
            "told_s": as_seconds(self.run.speech),
            "sentences": self.run.sentences,
            "p_event": round(self.run.p_event, 3),
            "share_end_s": as_seconds(self.share_end),
        }

    def voices(self, _now: int) -> Voices:
        """The sharer's last talk alone, since nobody else is addressed or meant."""
        return [_recently(self.sharer, self.share_end)]

    def gone_on(self, ended: int) -> Paused:
        """The case after the sharer spoke again and stopped at the sample `ended`."""
        return replace(self, share_end=ended)


@dataclass(frozen=True, slots=True)
class Responded:
    """A listener fell silent after they answered a share with advice or with a story of their own.

    `ended` is the sample at which the answer ended; `moment` is as in `Taken`.
    """

    invites: ClassVar[bool] = True

    taken: FloorTaken
    words: Words  # the words of the answer
    story: Story
    ended: int
    moment: int

    @property
    def kind(self) -> str:
        """The kind of cue in the catalogue."""
        return "curious"

    @property
    def to(self) -> str:
        """The listener who answered."""
        return self.taken.who

    @property
    def sharer(self) -> str:
        """The person whose share was answered."""
        return self.taken.after

    @property
    def began(self) -> int:
        """The same as `moment`, since the cue marks no earlier event."""
        return self.moment

    @property
    def share_end(self) -> int:
        """The sample at which the share that was answered ended."""
        return self.taken.onset - self.taken.fto

    @property
    def figures(self) -> Figures:
        """Whose share it was and when it ended, in seconds; and the probability of the kind of answer, 0 to 1."""
        return {
            "after": self.taken.after,
            f"p_{(self.words.response or '').replace(' ', '_')}": self.words.p_response,
            "share_end_s": as_seconds(self.share_end),
        }

    def voices(self, _now: int) -> Voices:
        """The last talk of the sharer, up to the end of the share, and of the listener, up to the end of the answer."""
        return [_recently(self.sharer, self.share_end), _recently(self.to, self.ended)]

    def gone_on(self, ended: int) -> Responded:
        """The case after the listener spoke again and stopped at the sample `ended`."""
        return replace(self, ended=ended)


Case = Taken | Paused | Responded


def _recently(who: str, end: int) -> tuple[str, Span]:
    return who, Span(end - RECENT.last_talk, end)
