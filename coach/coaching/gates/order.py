"""The order of the gates: what has to be true for a cue to sound, read from top to bottom.

Each gate is a small class that decides one thing and gives one reason. A case stops at the first that objects; the
gate's `reason` then stands in the cue that was held back, with the figures it looked at. A gate with patience may
change its mind for so long: a tone waits a moment for the words of the share it follows, words wait for silence.
"""

from __future__ import annotations

from coach.coaching.gates import relevance as was
from coach.coaching.gates import timing as may
from coach.coaching.gates.gate import Gate
from coach.coaching.policy import Policy
from coach.core.events import FloorTaken

GATES: tuple[Gate, ...] = (
    # Was it that at all?
    was.NotABackchannel(),  # "oh no" is listening
    was.NotAnAnswer(),  # who is asked may answer
    was.NotLogistics(),  # who fetches the children may be settled quickly
    was.OwnLife(),  # a film is no share
    was.NamesKnown(),  # a cue is for somebody
    was.WordsRead(),  # the words before it may still show one of these
    was.StillEvents(),  # an invitation inward: not to one who got there
    was.StillTheirFloor(),  # and to nobody who no longer has the floor
    # May a cue sound now?
    may.QuietFirst(),  # the first minute is theirs
    may.Budget(),  # rarely
    may.OncePerStory(),  # words: once
    may.SwitchedOn(),  # this cue …
    may.AskedFor(),  # … and its form
    may.NotHushed(),  # nobody asked for quiet
    may.NotSounding(),  # one cue at a time
    may.NobodySpeaks(),  # over nobody, the tone that marks a turn excepted
    may.InTime(),  # what is past is past
)

GATE_SENTENCES = {gate.reason: gate.sentence for gate in GATES} | {"ended": "The session ended before it could sound."}


def too_soon(taken: FloorTaken, policy: Policy) -> bool:
    """Whether a case is opened at all: after a share · by another · under the target breath · a real turn.

    That a turn is real (neither backchannel nor answer, as far as words were known by then) is what the conversation
    room says with `FloorTaken.too_soon`. A transfer that fails here was simply not too soon, and nothing is recorded.
    """
    return taken.after_share and taken.who != taken.after and taken.fto < policy.breath and taken.too_soon
