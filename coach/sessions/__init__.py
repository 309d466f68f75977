"""What is kept of a conversation, where, and for how long: the one room that writes to disk.

`Recorder` is the store thread of a live session, `Store` reads, lists and forgets, `Sound` keeps the sound when the
people asked for it.
"""

from coach.sessions.afterwards import Noted, note_afterwards, noted_afterwards
from coach.sessions.backup import Restored, back_up, restore
from coach.sessions.database import DiskFull, Forgotten
from coach.sessions.figures import Figures, keep_figures, kept_figures
from coach.sessions.locks import LOCKS_FOLDER
from coach.sessions.recorder import Recorder
from coach.sessions.sound import Sound
from coach.sessions.store import DATABASE_FILE, SessionHeader, Store, StoredSession
from coach.sessions.voices import VOICES_FOLDER, forget_voice, forget_voices, keep_voice, kept_voices, names_kept

__all__ = [
    "DATABASE_FILE",
    "LOCKS_FOLDER",
    "VOICES_FOLDER",
    "DiskFull",
    "Figures",
    "Forgotten",
    "Noted",
    "Recorder",
    "Restored",
    "SessionHeader",
    "Sound",
    "Store",
    "StoredSession",
    "back_up",
    "forget_voice",
    "forget_voices",
    "keep_figures",
    "keep_voice",
    "kept_figures",
    "kept_voices",
    "names_kept",
    "note_afterwards",
    "noted_afterwards",
    "restore",
]
