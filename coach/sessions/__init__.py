"""What the coach keeps on disk, and for how long.

`Recorder` writes a live session from its own thread. `Store` reads and lists sessions, `forget_sessions` deletes them,
`Sound` writes the sound of people who asked to keep it, and `keep_voice` the voices of people who agreed to that.
"""

from coach.sessions.afterwards import Noted, note_afterwards, noted_afterwards
from coach.sessions.backup import Restored, back_up, restore
from coach.sessions.consent import (
    ALOUD,
    BEFOREHAND,
    LISTEN,
    VOICE,
    Answers,
    NotAgreed,
    agreed_earlier,
    answer,
    answer_again,
    erase_words_and_sound,
    may_answer_aloud,
    objection,
    taken_back_by,
)
from coach.sessions.database import DiskFull, Forgotten
from coach.sessions.figures import Figures, keep_figures, kept_figures
from coach.sessions.forget import (
    forget_all_sessions,
    forget_if_nobody_spoke,
    forget_old_sessions,
    forget_sessions,
    old_sessions,
)
from coach.sessions.locks import LOCKS_FOLDER
from coach.sessions.recorder import Recorder, RecorderConfig
from coach.sessions.relabel import NO_NAMES, Relabelled, Relabelling, relabel, relabellings, undo_relabelling
from coach.sessions.sealing import SHORTEST as SHORTEST_PASSPHRASE
from coach.sessions.sealing import WrongPassphrase
from coach.sessions.sound import Sound
from coach.sessions.store import DATABASE_FILE, RECORDING, NoSession, SessionHeader, Store, StoreConfig, StoredSession
from coach.sessions.voices import VOICES_FOLDER, forget_voice, forget_voices, keep_voice, kept_voices, names_kept

__all__ = [
    "ALOUD",
    "BEFOREHAND",
    "DATABASE_FILE",
    "LISTEN",
    "LOCKS_FOLDER",
    "NO_NAMES",
    "RECORDING",
    "SHORTEST_PASSPHRASE",
    "VOICE",
    "VOICES_FOLDER",
    "Answers",
    "DiskFull",
    "Figures",
    "Forgotten",
    "NoSession",
    "NotAgreed",
    "Noted",
    "Recorder",
    "RecorderConfig",
    "Relabelled",
    "Relabelling",
    "Restored",
    "SessionHeader",
    "Sound",
    "Store",
    "StoreConfig",
    "StoredSession",
    "WrongPassphrase",
    "agreed_earlier",
    "answer",
    "answer_again",
    "back_up",
    "erase_words_and_sound",
    "forget_all_sessions",
    "forget_if_nobody_spoke",
    "forget_old_sessions",
    "forget_sessions",
    "forget_voice",
    "forget_voices",
    "keep_figures",
    "keep_voice",
    "kept_figures",
    "kept_voices",
    "may_answer_aloud",
    "names_kept",
    "note_afterwards",
    "noted_afterwards",
    "objection",
    "old_sessions",
    "relabel",
    "relabellings",
    "restore",
    "taken_back_by",
    "undo_relabelling",
]
