"""Who speaks, and since when there is silence, computed from the complete list of events in the simplest way.

An oracle for the events of an ear: each unit is announced by `SpeechOn` (unless it is short) and closed by `Speech`
under the same name. It is slow and shares no code with `SpeechState`.
"""

from __future__ import annotations

from collections.abc import Sequence

from coach.core.events import AudioGap, DeviceLost, DeviceOpened, Event, Speech, SpeechOn, VoiceOff, VoiceOn

ENDS_ALL = (VoiceOff, AudioGap, DeviceLost)


def voice_sounds(events: Sequence[Event]) -> bool:
    edges = [event for event in events if isinstance(event, (VoiceOn, *ENDS_ALL))]
    return bool(edges) and isinstance(edges[-1], VoiceOn)


def speaks(who: str, events: Sequence[Event]) -> bool:
    """Whether the last event of `who` is an onset, and no voice has stopped since."""
    theirs = [n for n, event in enumerate(events) if isinstance(event, SpeechOn | Speech) and event.who == who]
    if not theirs or isinstance(events[theirs[-1]], Speech):
        return False
    return not any(isinstance(event, ENDS_ALL) for event in events[theirs[-1] :])


def sound_arrives(events: Sequence[Event]) -> bool:
    news = [event for event in events if isinstance(event, DeviceLost | DeviceOpened | AudioGap | VoiceOn)]
    return not news or not isinstance(news[-1], DeviceLost)


def silent_since(events: Sequence[Event]) -> int:
    voices = [event.end for event in events if isinstance(event, VoiceOff)]
    units = [event.span.end for event in events if isinstance(event, Speech)]
    gaps = [event.span.end for event in events if isinstance(event, AudioGap)]
    return max([0, *voices, *units, *gaps])


def silence(events: Sequence[Event], now: int) -> int:
    names = {event.who for event in events if isinstance(event, SpeechOn)}
    if voice_sounds(events) or any(speaks(who, events) for who in names) or not sound_arrives(events):
        return 0
    return max(0, now - silent_since(events))


def ended(who: str, events: Sequence[Event]) -> int | None:
    """The sample at which `who` last fell silent. A voice that stops also ends announced speech that is not closed."""
    if speaks(who, events):
        return None
    ends = [event.span.end for event in events if isinstance(event, Speech) and event.who == who]
    for n, event in enumerate(events):
        if isinstance(event, ENDS_ALL) and speaks(who, events[:n]):
            onset = next(e.onset for e in reversed(events[:n]) if isinstance(e, SpeechOn) and e.who == who)
            stopped = event.end if isinstance(event, VoiceOff) else event.at
            ends.append(max(onset, event.span.start if isinstance(event, AudioGap) else stopped))
    return max(ends, default=None)
