"""Feeds an ear in rows of hops while its networks run ahead, as `coach.runtime.prefetch` does with a file."""

from __future__ import annotations

import numpy as np

from coach.core.events import Event
from coach.core.networks import batch_threads
from coach.diarization.channels import ChannelEar
from coach.diarization.ear import Ear
from coach.diarization.microphones import MicrophonesEar


def in_rows_ahead(
    ear: Ear | ChannelEar | MicrophonesEar, hops: np.ndarray, length: int, rows: int = 1
) -> list[list[Event]]:
    """The events of each hop. `rows` rows of `length` hops are begun before one is read."""
    begun, events = 0, list[list[Event]]()
    with batch_threads(2):
        for n in range(0, len(hops), length):
            ear.expect(hops[n : n + length])
            begun += 1
            if begun > rows:
                events += ear.expected()
                begun -= 1
        for _ in range(begun):
            events += ear.expected()
    return events
