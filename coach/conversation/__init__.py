"""From who spoke when to turns, pauses, gaps, overlaps, backchannels and floor transfers.

Pure: no clock, device, thread or file. Read the modules in this order: `ipu` (the input), `floor_bids` (the kinds of a
listener's speech, with timelines), `floor` (who holds it), `transfers` (FTO, too soon, over), `turns` (shares,
questions), `talk` (a finished conversation), `speech_state` (who is speaking now), `tracker` (a live conversation),
`measures` (the statistics). `breath` is the target pause, which may grow.
"""

from coach.conversation.breath import Breath
from coach.conversation.ipu import Ipu, ipus
from coach.conversation.measures import Stat, statistics
from coach.conversation.speech_state import OpenSpeech, SpeechState
from coach.conversation.talk import Conversation, Overlap, Pause, converse, longest_of, silences
from coach.conversation.timing import DEFAULTS, Timing, timing_of
from coach.conversation.tracker import Tracker
from coach.conversation.transfers import Transfer
from coach.conversation.turns import Turn

__all__ = [
    "DEFAULTS",
    "Breath",
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
    "converse",
    "ipus",
    "longest_of",
    "measures",
    "silences",
    "statistics",
    "timing_of",
]
