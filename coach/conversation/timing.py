"""The durations and counts in the definitions of turn-taking.

A number from the literature has its source beside it. The others are our own choices, made so that doubtful speech does
not take the floor.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.core.span import as_samples


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How a growing breath moves (`coach.conversation.breath`). The numbers are our own choices: small steps."""

    least: int = as_samples(0.5)  # the shortest target; sooner answers are reflexes
    answers: int = 4  # to a share, after which it may move
    reached: int = 3  # of them that must reach it, for it to grow
    factor: float = 1.1  # of a step, and by which it begins above the median of earlier answers
    earlier: int | None = None  # their median in earlier sessions, in samples; None: that of the first answers counts


@dataclass(frozen=True, slots=True)
class Timing:
    """The configuration of `coach.conversation`. All times are samples at 16 kHz.

    `breath` is the pause that the people chose to leave after a share; no study says how long it should be. With
    `growth`, it is the most that their target grows to.
    """

    join: int = as_samples(0.18)  # the shortest silence that ends an inter-pausal unit; shorter ones are stop closures
    breath: int = as_samples(2.0)  # the target pause before an answer to a share
    share: int = as_samples(5.0)  # the least speech in a share
    over: int = as_samples(-0.2)  # a turn with an FTO below this began over the end of the share
    backchannel: int = as_samples(1.2)  # the most speech in a backchannel; 98% last at most 1 s
    backchannel_words: int = 4  # the most words in a backchannel
    near: int = as_samples(1.0)  # speech that begins this soon after another person's is "just after" it
    resume: int = as_samples(1.0)  # speech after a shorter silence continues the same bid
    gives_way: int = as_samples(1.0)  # a bid gets the floor if the holder falls silent this soon after its onset
    lasts: int = as_samples(3.0)  # a bid that lasts this long gets the floor, even if the holder talks on
    lapse: int = as_samples(5.0)  # a longer gap is a lapse; for statistics only
    planning: int = as_samples(0.2)  # nobody answers a turn that began less than this ago (scikit-talk)
    growth: Growth | None = None  # how the breath grows; None if it is fixed
    company: int = as_samples(10.0)  # the FTO is defined if at most two people spoke in this time (scikit-talk)


DEFAULTS = Timing()


def timing_of(pause: float, grows: bool, earlier: float | None = None) -> Timing:
    """The timing with a target breath of `pause` seconds; with `grows`, one that grows up to it.

    `earlier` is the median pause in the same people's earlier sessions, in seconds, from which it then begins.
    """
    growth = Growth(earlier=None if earlier is None else as_samples(earlier)) if grows else None
    return Timing(breath=as_samples(pause), growth=growth)
