"""Everything there is to say about a conversation, as one JSON object: "coach.analysis/1".

It is computed from the events alone, each time anew, so that a stored session, a recording and a live one give the same
object in the same words. Times are seconds from the start of the recording, with three decimals.

    speech events ─► ipus ─► converse ─┬─► turns, transfers, pauses ─┐
    words events ───────────────┴──────┴─► statistics ───────────────┼─► one object
    cue events ──────────────────────────────────────────────────────┘
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coach.conversation import Conversation, Timing, Turn, converse, ipus, statistics
from coach.core.events import UNKNOWN, AudioGap, Cue, Event, Speech, Words
from coach.core.settings import Settings
from coach.core.span import as_samples, as_seconds
from coach.sessions import StoredSession

SCHEMA = "coach.analysis/1"


def session_analysis(session: StoredSession, events: Iterable[Event], *, words: bool = False) -> dict[str, Any]:
    """The analysis of a stored session, also of one that was cut off: it lasts until its last event."""
    return analyse_events(
        events,
        name=f"session {session.id}",
        duration=session.last,
        channels=session.channels,
        settings=session.settings,
        people=session.people,
        words=words,
    )


def analyse_events(
    events: Iterable[Event],
    *,
    name: str,
    duration: int,
    channels: int,
    settings: Mapping[str, Any],
    people: Sequence[str],
    words: bool,
) -> dict[str, Any]:
    """The "coach.analysis/1" object of a conversation.

    `duration` is in samples. `settings` are those of the session, by name; of them the target breath ("pause", seconds)
    enters the result. `people` keeps its order; voices that it does not name follow as they were heard, except voices
    that nobody could be found for. What was said ("text") is given only with `words`, and only if it was kept.
    """
    told = list(events)
    heard = ipus(event for event in told if isinstance(event, Speech))
    said = [event for event in told if isinstance(event, Words)]
    lost = [event.span for event in told if isinstance(event, AudioGap)]
    settings = {**Settings().as_dict(), **settings}
    timing = _timing(settings["pause"])
    names = list(dict.fromkeys([*people, *(ipu.who for ipu in heard if ipu.who != UNKNOWN)]))
    conversation = conversed(told, settings["pause"])
    return {
        "schema": SCHEMA,
        "recording": {"name": name, "duration_s": as_seconds(duration), "channels": channels},
        "settings": settings,
        "people": names,
        "speech": [{"who": ipu.who, "start_s": ipu.span.start_s, "end_s": ipu.span.end_s} for ipu in heard],
        "turns": [
            _turn(turn, words, response)
            for turn, response in zip(conversation.turns, _responses(conversation.turns), strict=True)
        ],
        "transfers": _transfers(conversation),
        "pauses": [
            {"who": each.who, "start_s": each.span.start_s, "end_s": each.span.end_s}
            for each in conversation.pauses
            if each.measured
        ],
        "cues": [_cue(event) for event in told if isinstance(event, Cue)],
        "statistics": _statistics(conversation, names, timing, said)
        | {
            "unheard_s": _figure(as_seconds(sum(span.duration for span in lost)), len(lost), "s"),
            "unmeasured_transfers": _figure(
                sum(not each.measured for each in conversation.transfers), len(conversation.transfers), "transfers"
            ),
        },
    }


def conversed(events: Iterable[Event], breath: float) -> Conversation:
    """Turns, transfers, pauses and overlaps of the events, with a target breath in seconds."""
    told = list(events)
    return converse(
        ipus(event for event in told if isinstance(event, Speech)),
        [event for event in told if isinstance(event, Words)],
        [event.span for event in told if isinstance(event, AudioGap)],
        _timing(breath),
    )


def _timing(breath: float) -> Timing:
    return Timing(breath=as_samples(breath))


def combined_level(levels: Sequence[tuple[str, int]]) -> str | None:
    """One level for a turn from those of its stretches of words, each with its number of words.

    3 when more than half of the words that share anything are at level 3; else 2 when any of them is at 2 or 3; else 1
    when any shares an event; N when none shares; None when nothing was read. A single inner sentence so makes a long
    story "mixed", never "experience".

    >>> combined_level([("1", 80), ("3", 20)]), combined_level([("N", 50), ("3", 20)]), combined_level([])
    ('2', '3', None)
    """
    if not levels:
        return None
    sharing = [(level, max(1, count)) for level, count in levels if level != "N"]
    if not sharing:
        return "N"
    inner = sum(count for level, count in sharing if level == "3")
    if 2 * inner > sum(count for _, count in sharing):
        return "3"
    return "2" if any(level in ("2", "3") for level, _ in sharing) else "1"


def combined_response(responses: Sequence[tuple[str, int]]) -> str | None:
    """One kind of response for a turn from those of its stretches of words, each with its number of words.

    The kind that most words belong to, the first one where two are even; "other" and "backchannel" only where there is
    nothing else, since an "okay, well" before advice does not make it less advice.

    >>> combined_response([("backchannel", 1), ("advice", 9), ("other", 20)]), combined_response([])
    ('advice', None)
    """
    weights: dict[str, int] = {}
    for kind, count in responses:
        weights[kind] = weights.get(kind, 0) + max(1, count)
    telling = {kind: weight for kind, weight in weights.items() if kind not in ("other", "backchannel")}
    chosen = telling or weights
    return max(chosen, key=lambda kind: chosen[kind]) if chosen else None


def _responses(turns: Sequence[Turn]) -> list[str | None]:
    """How each turn answers a share: that of the turn before it by somebody else, backchannels between them or not."""
    found: list[str | None] = []
    shared: str | None = None  # whose share was last, while nobody has answered it
    for turn in turns:
        answers = shared is not None and turn.who != shared
        told = [(each.response, each.count) for each in turn.words if each.response is not None]
        found.append(combined_response(told) if answers else None)
        if turn.kind == "turn":
            shared = turn.who if turn.share else None
    return found


def _turn(turn: Turn, words: bool, response: str | None) -> dict[str, Any]:
    texts = [each.text for each in turn.words if each.text]
    return {
        "who": turn.who,
        "start_s": turn.span.start_s,
        "end_s": turn.span.end_s,
        "kind": turn.kind,
        "share": turn.share,
        "text": " ".join(texts) if words and texts else None,
        "level": combined_level([(each.level, each.count) for each in turn.words if each.level is not None]),
        "kinds": list(dict.fromkeys(kind for each in turn.words for kind in each.kinds)),
        "response": response,
    }


def _transfers(conversation: Conversation) -> list[dict[str, Any]]:
    """Floor transfers; "fto_s" is null where it is not defined, or where sound was lost in the silence."""
    return [
        {
            "from": each.after,
            "to": each.who,
            "at_s": as_seconds(each.onset),
            "fto_s": as_seconds(each.fto) if each.fto is not None and each.measured else None,
            "after_share": each.after_share,
            "too_soon": each.too_soon,
            "over": each.over,
        }
        for each in conversation.transfers
    ]


def _cue(cue: Cue) -> dict[str, Any]:
    return {
        "at_s": as_seconds(cue.at),
        "kind": cue.kind,
        "form": cue.form,
        "text": cue.text,
        "given": cue.given,
        "held_back": cue.held_back,
        "because": _rounded(cue.because),
    }


def _statistics(
    conversation: Conversation, people: Sequence[str], timing: Timing, words: Sequence[Words]
) -> dict[str, Any]:
    return {
        name: _figure(stat.value, stat.n, stat.unit, stat.interval)
        for name, stat in statistics(conversation, people, timing, words).items()
    }


def _figure(value: Any, n: int, unit: str, interval: tuple[float, float] | None = None) -> dict[str, Any]:
    """A number with its count and unit and, where it has one, its 95% interval from "low" to "high"."""
    ends = {} if interval is None else {"low": _rounded(interval[0]), "high": _rounded(interval[1])}
    return {"value": _rounded(value), "n": n, "unit": unit, **ends}


def _rounded(value: Any) -> Any:
    """Figures with three decimals, also inside lists and objects; None for what is no number."""
    if isinstance(value, float):
        return round(value, 3) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value
