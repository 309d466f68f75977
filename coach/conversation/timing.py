"""The numbers that turn-taking rests on, in samples: each a choice, so each a setting.

Where a number comes from the field, its source stands beside it; the others are this coach's own and were chosen so
that a doubtful stretch of speech takes no floor.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.core.span import as_samples


@dataclass(frozen=True, slots=True)
class Timing:
    """Settings of this room. All times are samples at 16 kHz; `Timing()` holds the defaults.

    `breath` is the pause that the people chose to leave after a share; no study says what it should be.
    """

    join: int = as_samples(0.18)  # a silence this long ends an inter-pausal unit; shorter ones are stop closures
    breath: int = as_samples(2.0)  # the target pause before an answer to a share
    share: int = as_samples(5.0)  # of speech in one turn
    over: int = as_samples(-0.2)  # an FTO below this began over the end of the share
    backchannel: int = as_samples(1.2)  # of speech; 98% of backchannels last at most 1 s
    backchannel_words: int = 4
    near: int = as_samples(1.0)  # what begins this soon after another's speech is "just after" it
    resume: int = as_samples(1.0)  # who goes on after a shorter silence is still making the same bid
    gives_way: int = as_samples(1.0)  # the other falls silent this soon after a bid began: the bid has the floor
    lasts: int = as_samples(3.0)  # a bid that lasts this long has the floor, even if the other talks on
    lapse: int = as_samples(5.0)  # a longer gap is a lapse; for statistics only
    planning: int = as_samples(0.2)  # nobody answers what began less than this ago (as scikit-talk has it)
    company: int = as_samples(10.0)  # FTO is defined where at most two people spoke in this time (scikit-talk)


DEFAULTS = Timing()
