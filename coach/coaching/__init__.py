"""Decides which cue to give, when, and in which words: gates, a budget, the catalogue, the check-in, the exercises.

Pure: every decision follows from events and their sample times. `coach.cues` renders and plays the cues.
"""

from coach.coaching.account import Account, account, account_figures, spoken_account
from coach.coaching.asked_aloud import AskedAloud
from coach.coaching.asking import ASKED
from coach.coaching.cases import ASK, SharingRun
from coach.coaching.catalogue import (
    FIRST_LANGUAGE,
    Catalogue,
    Line,
    shipped_wordings,
    wording_faults,
    wording_languages,
)
from coach.coaching.check_in import Accepted, Asked, CheckIn, CheckInConfig
from coach.coaching.coach import Coach
from coach.coaching.cue_forms import with_forms
from coach.coaching.entries import NAMES, Entry, Form
from coach.coaching.gates.order import GATE_SENTENCES
from coach.coaching.hush import as_one, has_commands, wish_in
from coach.coaching.policy import Mode, Policy
from coach.coaching.practice import Practice, silence_after
from coach.coaching.rehearsal import Rehearsal
from coach.coaching.short_answers import has_answers
from coach.coaching.taking_back import TakingBack
from coach.coaching.turns_by_clock import TurnsByClock, turn_questions

__all__ = [
    "ASK",
    "ASKED",
    "FIRST_LANGUAGE",
    "GATE_SENTENCES",
    "NAMES",
    "Accepted",
    "Account",
    "Asked",
    "AskedAloud",
    "Catalogue",
    "CheckIn",
    "CheckInConfig",
    "Coach",
    "Entry",
    "Form",
    "Line",
    "Mode",
    "Policy",
    "Practice",
    "Rehearsal",
    "SharingRun",
    "TakingBack",
    "TurnsByClock",
    "account",
    "account_figures",
    "as_one",
    "has_answers",
    "has_commands",
    "shipped_wordings",
    "silence_after",
    "spoken_account",
    "turn_questions",
    "wish_in",
    "with_forms",
    "wording_faults",
    "wording_languages",
]
