"""What is kept of a conversation, where, and for how long: the one room that writes to disk.

`Recorder` is the store thread of a live session, `Store` reads, lists and forgets, `Sound` keeps the sound when the
people asked for it.
"""

from coach.sessions.database import DiskFull, Forgotten
from coach.sessions.recorder import Recorder
from coach.sessions.sound import Sound
from coach.sessions.store import Beginning, Session, Store

__all__ = ["Beginning", "DiskFull", "Forgotten", "Recorder", "Session", "Sound", "Store"]
