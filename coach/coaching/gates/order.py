"""The order of the gates, from top to bottom.

Each gate is a small class that decides one thing and gives one reason. A case stops at the first gate that objects. The
cue is then held back, with that gate's `reason` and figures. If the gate has patience, the case first waits: a tone
waits briefly for the words of the share before it, a spoken cue waits for silence.
"""

from __future__ import annotations

from coach.coaching.asking import QUESTION_SENTENCES
from coach.coaching.gates import permission, relevance
from coach.coaching.gates.gate import Gate
from coach.core.events import FloorTaken

GATES: tuple[Gate, ...] = (
    # Does the case call for a cue?
    relevance.NotABackchannel(),  # "oh no" shows listening
    relevance.NotAnAnswer(),  # a question may be answered immediately
    relevance.HasteExcused(),  # comfort need not wait
    relevance.NotLogistics(),  # people may decide quickly who fetches the children
    relevance.OwnLife(),  # talk about a film is not a share
    relevance.NamesKnown(),  # a cue addresses somebody
    relevance.WordsRead(),  # the words before the cue may still show one of the above
    relevance.MayBeLost(),  # most quick answers take nothing from anybody
    relevance.StillEvents(),  # a sharer who has turned inward needs no invitation
    relevance.StillTheirFloor(),  # a sharer who has lost the floor needs none either
    # May a cue sound now?
    permission.QuietFirst(),  # no cue in the first minute
    permission.Budget(),  # cues are rare
    permission.OncePerStory(),  # one spoken cue in each story
    permission.SwitchedOn(),  # this kind is enabled …
    permission.AskedFor(),  # … and so is its form
    permission.NotHushed(),  # nobody asked the coach to be quiet
    permission.NotSounding(),  # one cue at a time
    permission.NobodySpeaks(),  # only a tone that marks a turn may sound over speech
    permission.InTime(),  # the moment has not passed
)

GATE_SENTENCES = {
    **{gate.reason: gate.sentence for gate in GATES},
    **QUESTION_SENTENCES,
    "ended": "The session ended before it could sound.",
}


def too_soon(taken: FloorTaken) -> bool:
    """Whether a floor transfer opens a case: another person took the floor after a share, before the target pause.

    It must also be a real turn: `coach.conversation` clears `FloorTaken.too_soon` for backchannels and answers, as far
    as the words were known by then. A transfer that fails here was not too soon, and leaves no record.
    """
    return taken.after_share and taken.who != taken.after and taken.too_soon
