"""When the coach says something, and what: gates in order, a budget, a catalogue of few words, the beginning.

Pure, but for `voice`, which renders the words into sound ahead of time and is imported by the loop alone.
"""

from coach.coaching.account import Account, account, figures, spoken
from coach.coaching.cases import Stretch
from coach.coaching.catalogue import Catalogue, Line
from coach.coaching.checkin import Accepted, Asked, CheckIn
from coach.coaching.coach import Coach
from coach.coaching.entries import Entry
from coach.coaching.forms import formed
from coach.coaching.gates import SENTENCES
from coach.coaching.hush import asked
from coach.coaching.policy import Mode, Policy
from coach.coaching.practice import Practice
from coach.coaching.rehearsal import Rehearsal
from coach.coaching.turns_by_clock import TurnsByClock, questions

__all__ = [
    "SENTENCES",
    "Accepted",
    "Account",
    "Asked",
    "Catalogue",
    "CheckIn",
    "Coach",
    "Entry",
    "Line",
    "Mode",
    "Policy",
    "Practice",
    "Rehearsal",
    "Stretch",
    "TurnsByClock",
    "account",
    "asked",
    "figures",
    "formed",
    "questions",
    "spoken",
]
