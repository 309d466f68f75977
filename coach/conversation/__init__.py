"""From who spoke when to turns, pauses, gaps, overlaps, backchannels and floor transfers.

Pure: no clock, device, thread or file. Read it in this order: `units` (what is given), `bids` (what a listener's speech
amounts to, with timelines), `floor` (who holds it), `transfers` (FTO, too soon, over), `turns` (shares, questions),
`talk` (the whole), `speech_state` (who speaks now), `tracker` (the whole, live), `measures` (the statistics).
"""

from coach.conversation.ipu import Ipu, ipus
from coach.conversation.measures import Stat, statistics
from coach.conversation.speech_state import OpenSpeech, SpeechState
from coach.conversation.talk import Conversation, Overlap, Pause, converse, silences
from coach.conversation.timing import DEFAULTS, Timing
from coach.conversation.tracker import Tracker, TurnSoFar
from coach.conversation.transfers import Transfer
from coach.conversation.turns import Turn

__all__ = [
    "DEFAULTS",
    "Conversation",
    "Ipu",
    "OpenSpeech",
    "Overlap",
    "Pause",
    "SpeechState",
    "Stat",
    "Timing",
    "Tracker",
    "Transfer",
    "Turn",
    "TurnSoFar",
    "converse",
    "ipus",
    "measures",
    "silences",
    "statistics",
]
