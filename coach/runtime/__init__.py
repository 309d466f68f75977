"""Connects all other packages, for live talk and for files.

pipeline         from a hop of sound to all events that follow from it; the same for all drivers
session          the paced driver: a microphone or a file in real time, with threads for words, store and voice
build            builds a session, and closes the parts already started if a later part fails
offline          the fast driver: a recording at full speed; `prefetch` starts its recognition early; `saving` stores it
live             one live session from its options to what is kept, for the terminal and the page; `devices` opens
                 them, `earlier` looks up where a growing breath begins, and `live_view` is what a screen shows
plan             the options of a session
opening          the lines before a session and at its beginning
phases           the phases before the talk, one after another; `check_in_phase` is the first
check_in         the check-in alone, to learn voices
asking_aloud     asks each person aloud, before a session, whether the coach may listen
speaker_setup    how speech in a recording is attributed to people
exercise         a talk, a talk with timed turns, or one person's rehearsal
guided_practice  speech while the coach does not listen: the guided beginning, the end of a session
segments         files that state who spoke when; `transcript` judges what was written down
understanding    from text to judged words
languages        what the coach can do in a language, and what is wrong with the folder of one
"""

from coach.runtime.asking_aloud import ask_people_aloud, may_ask_aloud
from coach.runtime.build import build_session
from coach.runtime.check_in import Aloud, Unheard, learn_voices
from coach.runtime.devices import SAMPLE, Devices, names_a_file, open_devices, open_speaker
from coach.runtime.guided_practice import practise, say_closing_lines
from coach.runtime.languages import language_fault, language_faults, left_out
from coach.runtime.live import (
    NAMELESS,
    Options,
    Ready,
    awake,
    begin,
    call_off,
    get_ready,
    offers_spoken_answers,
    settle,
    tell_that_it_stopped,
)
from coach.runtime.live_view import Person, Shown, View, Viewer, worth_saying
from coach.runtime.offline import Analysed, Who, analyse
from coach.runtime.plan import ALONE, Plan
from coach.runtime.saving import as_session, save_analysed
from coach.runtime.segments import segment_events
from coach.runtime.session import Command, LiveSession
from coach.runtime.speaker_setup import Enrolment
from coach.runtime.transcript import judged_lines

__all__ = [
    "ALONE",
    "NAMELESS",
    "SAMPLE",
    "Aloud",
    "Analysed",
    "Command",
    "Devices",
    "Enrolment",
    "LiveSession",
    "Options",
    "Person",
    "Plan",
    "Ready",
    "Shown",
    "Unheard",
    "View",
    "Viewer",
    "Who",
    "analyse",
    "as_session",
    "ask_people_aloud",
    "awake",
    "begin",
    "build_session",
    "call_off",
    "get_ready",
    "judged_lines",
    "language_fault",
    "language_faults",
    "learn_voices",
    "left_out",
    "may_ask_aloud",
    "names_a_file",
    "offers_spoken_answers",
    "open_devices",
    "open_speaker",
    "practise",
    "save_analysed",
    "say_closing_lines",
    "segment_events",
    "settle",
    "tell_that_it_stopped",
    "worth_saying",
]
