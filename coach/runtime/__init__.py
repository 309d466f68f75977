"""The room that knows all the others and wires them for live talk and for files.

pipeline         from a hop of sound to every event that follows from it; the same for all drivers
session          the paced driver: microphone or file in real time, with threads for words, store and voice
build            puts a session together, and undoes what began when a part fails
offline          the fast driver: a recording as quickly as it goes; `prefetch` starts its words early
plan             what a session is to be
opening          what is said before a session and at its beginning
phases           what comes before the talk, one phase after another; `check_in_phase` is the first
check_in         the check-in alone, to learn voices
speaker_setup    who is who in a recording
exercise         a talk, a talk with timed turns, or one person's rehearsal
guided_practice  what the coach says while it listens to nobody: the guided beginning, the end of a session
segments         files that say who spoke when; `transcript`, files that say what was said
understanding    text into judged words
"""

from coach.runtime.build import build_session
from coach.runtime.check_in import Aloud, Unheard, learn_voices
from coach.runtime.guided_practice import practise, say_closing_lines
from coach.runtime.offline import Analysed, Who, analyse
from coach.runtime.plan import ALONE, Plan
from coach.runtime.segments import segment_events
from coach.runtime.session import Command, LiveSession
from coach.runtime.speaker_setup import Enrolment
from coach.runtime.transcript import judged_lines, read_transcript

__all__ = [
    "ALONE",
    "Aloud",
    "Analysed",
    "Command",
    "Enrolment",
    "LiveSession",
    "Plan",
    "Unheard",
    "Who",
    "analyse",
    "build_session",
    "judged_lines",
    "learn_voices",
    "practise",
    "read_transcript",
    "say_closing_lines",
    "segment_events",
]
