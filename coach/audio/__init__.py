"""Sound in and sound out: microphones, recordings, the player, and the canceller that keeps the one out of the other.

A shell room: devices, files, threads and the machine's clock live here and nowhere deeper in. Whatever the sound comes
from, it leaves this room as `Block`s of 16 kHz float32 on one sample clock, with events in between (see `source`).
"""
