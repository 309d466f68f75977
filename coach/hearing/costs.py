"""What it costs that somebody else speaks now, by how long they have been speaking or silent.

In running speech a change of person has to be dearer than anything that one syllable can say against it. Between words
people do change, and after a rest anybody may be the next. But a voice does not come out of silence as two: whoever was
silent is over, so a second voice joins only one that is going on.

    speech    ████████████           ████            ███████████████
    cost      running      in a pause    ─► after a rest  opening, running

Costs are log likelihoods, chosen on two-voice mixtures with known truth. Without the last two rules the old speaker was
heard under the first quarter second of the next one, and a gap of three seconds read as a small overlap: of 246
transfers in 24 made conversations on one microphone, 90% were right to .46 s, and are to about .17 s with them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coach.hearing.frames import FRAMES_A_SECOND

CHANGE = 14.0  # cost of one person's speech going over into another's
JOIN = 6.5  # cost of a second voice coming in over the first
LEAVE = 6.0  # cost of the first one then leaving it to the second
BACK = 14.0  # cost of the second one leaving again
IN_PAUSE = 0.5  # share of these costs between words
AFTER_REST = 0.1  # share of them once nobody has spoken for a REST
NOT_INTO_SILENCE = 3.0  # times that a join costs where there is nothing to join
OPENING_JOIN = 2.0  # times that it costs while the voice is an opening one
PAUSE = round(0.15 * FRAMES_A_SECOND)  # frames of silence after which a voice opens anew
OPENING = round(0.3 * FRAMES_A_SECOND)  # frames for which it does
REST = round(0.6 * FRAMES_A_SECOND)

State = tuple[str, ...]  # who speaks; of two, the first was speaking already


class Costs:
    """`step` takes whether the next frame holds speech; gives the cost of each state (rows) becoming each (columns)."""

    def __init__(self, states: Sequence[State]) -> None:
        self._running = np.array([[_cost(a, b) for b in states] for a in states])
        joins = np.array([[len(b) > len(a) for b in states] for a in states])
        self._opening: np.ndarray = np.where(joins, OPENING_JOIN, 1.0) * self._running
        self._pause: np.ndarray = np.where(joins, NOT_INTO_SILENCE, IN_PAUSE) * self._running
        self._rest: np.ndarray = np.where(joins, NOT_INTO_SILENCE, AFTER_REST) * self._running
        self._silent = REST  # frames since the last speech; before the first there was a rest
        self._opened = 0  # frames since the voice opened

    def step(self, speech: bool) -> np.ndarray:
        if not speech:
            self._silent += 1
            return self._rest if self._silent >= REST else self._pause
        self._opened = 0 if self._silent >= PAUSE else self._opened + 1
        self._silent = 0
        return self._opening if self._opened < OPENING else self._running


def _cost(before: State, after: State) -> float:
    if before == after:
        return 0.0
    if len(before) == len(after) == 1:
        return CHANGE
    if len(after) > len(before):
        return JOIN if before[0] == after[0] else CHANGE + JOIN
    if len(before) > len(after):
        return BACK if after[0] == before[0] else LEAVE if after[0] == before[1] else CHANGE + LEAVE
    return CHANGE + BACK
