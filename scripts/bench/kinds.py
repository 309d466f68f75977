"""The kinds of recordings that are reported together, and the words for them after `--only`."""

from __future__ import annotations

ONE, CHANNELS = "one microphone", "channels"  # made conversations
CALLS, CALLS_ONE, ROOMS = "calls, channels", "calls, one microphone", "calls in rooms, one microphone"
GAME, GAME_ONE = "game, channels", "game, one microphone"
SESSION, SESSION_ONE = "session, two microphones", "session, one microphone"
UNKNOWN_PEOPLE, MEETING = "unknown people, one microphone", "meeting"

WORDS = {
    "one": (ONE,),
    "channels": (CHANNELS,),
    "calls": (CALLS, CALLS_ONE),
    "room": (ROOMS,),
    "dyads": (GAME, GAME_ONE, SESSION, SESSION_ONE),
    "meeting": (MEETING,),
}
MADE = (ONE, CHANNELS)
