"""The analysis of a conversation as one JSON object, "coach.analysis/1".

It is computed from the events alone, so a stored session, a recording and a live session all give the same object.
Times are seconds from the start of the recording, with three decimals.

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

Analysis = dict[str, Any]  # an object of this schema


def session_analysis(session: StoredSession, events: Iterable[Event], *, words: bool = False) -> Analysis:
    """The analysis of a stored session. A session that was cut off lasts until its last event."""
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
) -> Analysis:
    """The "coach.analysis/1" object of a conversation.

    `duration` is in samples. `settings` are those of the session by name; only the target pause ("pause", seconds)
    affects the result. The list of people starts with `people` and continues with other identified speakers in the
    order of their first speech. The text of turns is included only with `words`, and only if the session kept it.
    """
    events = list(events)
    units = ipus(event for event in events if isinstance(event, Speech))
    words_events = [event for event in events if isinstance(event, Words)]
    lost = [event.span for event in events if isinstance(event, AudioGap)]
    settings = {**Settings().as_dict(), **settings}
    timing = _timing(settings["pause"])
    names = list(dict.fromkeys([*people, *(ipu.who for ipu in units if ipu.who != UNKNOWN)]))
    conversation = conversed(events, settings["pause"])
    return {
        "schema": SCHEMA,
        "recording": {"name": name, "duration_s": as_seconds(duration), "channels": channels},
        "settings": settings,
        "people": names,
        "speech": [{"who": ipu.who, "start_s": ipu.span.start_s, "end_s": ipu.span.end_s} for ipu in units],
        "turns": [
            _turn(turn, words, response)
            for turn, response in zip(conversation.turns, turn_responses(conversation.turns), strict=True)
        ],
        "transfers": _transfers(conversation),
        "pauses": [
            {"who": each.who, "start_s": each.span.start_s, "end_s": each.span.end_s}
            for each in conversation.pauses
            if each.measured
        ],
        "cues": [_cue(event) for event in events if isinstance(event, Cue)],
        "statistics": _statistics(conversation, names, timing, words_events)
        | {
            "unheard_s": _figure(as_seconds(sum(span.duration for span in lost)), len(lost), "s"),
            "unmeasured_transfers": _figure(
                sum(not each.measured for each in conversation.transfers), len(conversation.transfers), "transfers"
            ),
        },
    }


def conversed(events: Iterable[Event], breath: float) -> Conversation:
    """The turns, transfers, pauses and overlaps in `events`. `breath` is the target pause in seconds."""
    events = list(events)
    return converse(
        ipus(event for event in events if isinstance(event, Speech)),
        [event for event in events if isinstance(event, Words)],
        [event.span for event in events if isinstance(event, AudioGap)],
        _timing(breath),
    )


def _timing(breath: float) -> Timing:
    return Timing(breath=as_samples(breath))


def combined_level(levels: Sequence[tuple[str, int]]) -> str | None:
    """The level of a turn from the levels of its stretches, each with its number of words.

    Among the words that share anything: 3 if more than half are at level 3, else 2 if any is at level 2 or 3, else 1. N
    if no stretch shares anything, None if no stretch has a level. So a single inner sentence makes a long story
    "mixed", never "experience".

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
    """The kind of response of a turn from the kinds of its stretches, each with its number of words.

    The kind with the most words wins, and the earlier one in a tie. "other" and "backchannel" win only if there is no
    other kind, because an "okay, well" before advice does not make it less advice.

    >>> combined_response([("backchannel", 1), ("advice", 9), ("other", 20)]), combined_response([])
    ('advice', None)
    """
    weights: dict[str, int] = {}
    for kind, count in responses:
        weights[kind] = weights.get(kind, 0) + max(1, count)
    specific = {kind: weight for kind, weight in weights.items() if kind not in ("other", "backchannel")}
    chosen = specific or weights
    return max(chosen, key=lambda kind: chosen[kind]) if chosen else None


def turn_responses(turns: Sequence[Turn]) -> list[str | None]:
    """The response of each turn that follows another person's share; None for other turns.

    A backchannel does not end a share.
    """
    found: list[str | None] = []
    sharer: str | None = None  # of the last share, while nobody has answered it
    for turn in turns:
        answers = sharer is not None and turn.who != sharer
        responses = [(each.response, each.count) for each in turn.words if each.response is not None]
        found.append(combined_response(responses) if answers else None)
        if turn.kind == "turn":
            sharer = turn.who if turn.share else None
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
    """The floor transfers. "fto_s" is null where the FTO is undefined or sound was lost in the silence."""
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
        "to": None if cue.to == UNKNOWN else cue.to,
    }


def _statistics(
    conversation: Conversation, people: Sequence[str], timing: Timing, words: Sequence[Words]
) -> dict[str, Any]:
    return {
        name: _figure(stat.value, stat.n, stat.unit, stat.interval)
        for name, stat in statistics(conversation, people, timing, words).items()
    }


def _figure(value: Any, n: int, unit: str, interval: tuple[float, float] | None = None) -> dict[str, Any]:
    """A number with its count, its unit and, if it has one, its 95% interval from "low" to "high"."""
    ends = {} if interval is None else {"low": _rounded(interval[0]), "high": _rounded(interval[1])}
    return {"value": _rounded(value), "n": n, "unit": unit, **ends}


def _rounded(value: Any) -> Any:
    """`value` with all floats rounded to three decimals, also inside lists and objects; infinite ones become None."""
    if isinstance(value, float):
        return round(value, 3) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value
