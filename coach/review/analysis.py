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
from itertools import pairwise
from typing import Any

from coach.conversation import Breath, Conversation, Timing, Turn, converse, ipus, longest_of, silences, timing_of
from coach.core.events import (
    UNKNOWN,
    AudioGap,
    Cue,
    CueFailed,
    Enrolled,
    Event,
    HeardLess,
    LanguageFound,
    Marked,
    Speech,
    Words,
)
from coach.core.settings import EARLIER_PAUSE, Settings
from coach.core.span import Span, as_seconds, joined
from coach.review.figures import Figure, Missing, figures
from coach.review.readings import turn_kinds, turn_level, turn_responses
from coach.sessions import SessionHeader, StoredSession

SCHEMA = "coach.analysis/1"
FEW = 5.0  # seconds of a beginning that are not worth leaving out of a timeline

Analysis = dict[str, Any]  # an object of this schema


def session_analysis(session: StoredSession, events: Iterable[Event], *, words: bool = False) -> Analysis:
    """The analysis of a stored session. A session that was cut off lasts until its last event.

    The sentences of a check-in are not stored as speech, so no figure counts them.
    """
    return _of_session(session, list(events), name=f"session {session.id}", duration=session.last, words=words)


def unstored_analysis(session: SessionHeader, events: Iterable[Event]) -> Analysis:
    """The analysis of a session from all its `events`, whether or not they could be stored; without words."""
    events = list(events)
    duration = max((event.at for event in events), default=0)
    return _of_session(session, events, name="this session", duration=duration, words=False)


def _of_session(session: SessionHeader, events: Sequence[Event], *, name: str, duration: int, words: bool) -> Analysis:
    return analyse_events(
        events,
        counted_from=max((event.at for event in events if isinstance(event, Enrolled)), default=0),
        name=name,
        duration=duration,
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
    counted_from: int = 0,
) -> Analysis:
    """The "coach.analysis/1" object of a conversation.

    `duration` is in samples, and so is `counted_from`: where a check-in ended whose sentences are not among the events.
    `settings` are those of the session by name; only the target pause ("pause", seconds, "pause_grows" and
    EARLIER_PAUSE) affects the result. A language that was found replaces "auto" in them. The list of people starts with
    `people` and continues with other identified speakers in the order of their first speech. The text of turns is
    included only with `words`, and only if the session kept it.
    """
    events = list(events)
    speech = [event for event in events if isinstance(event, Speech)]
    units = ipus(speech)
    words_events = [event for event in events if isinstance(event, Words)]
    missing = _missing(events, Span(counted_from, duration))
    settings = {**Settings().as_dict(), **settings}
    settings["language"] = _language(events, settings["language"])
    timing = timing_in(settings)
    names = list(dict.fromkeys([*people, *(ipu.who for ipu in units if ipu.who != UNKNOWN)]))
    conversation = conversed(events, timing)
    return {
        "schema": SCHEMA,
        "recording": {
            "name": name,
            "duration_s": as_seconds(duration),
            "channels": channels,
            "counted_from_s": as_seconds(counted_from),
        },
        "settings": settings,
        "people": names,
        "breaths": _breaths(conversation, timing),
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
        "marks": [{"at_s": as_seconds(e.at), "note": e.note} for e in events if isinstance(e, Marked)],
        "cues": _cues(events),
        "statistics": {
            name: _figure(stat)
            for name, stat in figures(conversation, names, timing, words_events, missing, speech).items()
        },
    }


def conversed(events: Iterable[Event], timing: Timing) -> Conversation:
    """The turns, transfers, pauses and overlaps in `events`."""
    events = list(events)
    return converse(
        ipus(event for event in events if isinstance(event, Speech)),
        [event for event in events if isinstance(event, Words)],
        [event.span for event in events if isinstance(event, AudioGap)],
        timing,
    )


def _missing(events: Sequence[Event], counted: Span) -> Missing:
    """Lost sound, and in `counted` the time in which the machine was too busy for everything, at most until its end."""
    steps = [event for event in events if isinstance(event, HeardLess)]
    ends = [*(step.at for step in steps), counted.end][1:]
    stretches = [(step.without, Span(step.at, end) & counted) for step, end in zip(steps, ends, strict=True)]
    return Missing(
        lost=[event.span for event in events if isinstance(event, AudioGap)],
        heard_less=joined(span for without, span in stretches if without),
        words_late=joined(span for without, span in stretches if "words" in without),
    )


def _language(events: Iterable[Event], chosen: str) -> str:
    """The language that was found, or else the one that was chosen."""
    return next((event.language for event in events if isinstance(event, LanguageFound)), chosen)


def timing_in(settings: Mapping[str, Any]) -> Timing:
    """The timing by the settings of an analysis, by name."""
    return timing_of(settings["pause"], settings["pause_grows"], settings.get(EARLIER_PAUSE))


def answering_pauses(session: StoredSession, events: Iterable[Event]) -> list[int]:
    """The pause (samples) before each answer to a share in a stored session, in order of time."""
    timing = timing_in({**Settings().as_dict(), **session.settings})
    return [transfer.offset for transfer in conversed(events, timing).transfers if transfer.is_answer]


def _breaths(conversation: Conversation, timing: Timing) -> list[dict[str, float]]:
    """The target breath, and from when on: one entry, or one for each step if it grew."""
    steps = [(0, Breath.at_first(timing).target)]
    steps += [(t.onset, t.breath) for t in conversation.transfers]
    changed = [steps[0], *(later for before, later in pairwise(steps) if later[1] != before[1])]
    return [{"from_s": as_seconds(at), "breath_s": as_seconds(breath)} for at, breath in changed]


def last_breath(analysis: Analysis) -> float:
    """The target breath at the end of the conversation, in seconds. Older files have only the setting."""
    steps = analysis.get("breaths")
    return float(steps[-1]["breath_s"] if steps else analysis["settings"]["pause"])


def begins(analysis: Analysis) -> float:
    """Where timelines begin, in seconds: where a check-in of more than a few seconds ended, or else at 0."""
    counted_from: float = analysis["recording"]["counted_from_s"]
    return counted_from if counted_from > FEW else 0.0


def longest_silence(transfers: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """The one of `transfers` (of an analysis) before which nobody spoke for longest; None if somebody always did."""
    return max((each for each in transfers if each["silence_s"]), key=lambda each: each["silence_s"], default=None)


def _turn(turn: Turn, words: bool, response: str | None) -> dict[str, Any]:
    texts = [each.text for each in turn.words if each.text]
    return {
        "who": turn.who,
        "start_s": turn.span.start_s,
        "end_s": turn.span.end_s,
        "kind": turn.kind,
        "share": turn.share,
        "text": " ".join(texts) if words and texts else None,
        "level": turn_level(turn),
        "kinds": turn_kinds(turn),
        "response": response,
    }


def _transfers(conversation: Conversation) -> list[dict[str, Any]]:
    """The floor transfers. "fto_s" is null where the FTO is undefined or sound was lost in the silence."""
    before = zip(conversation.transfers, map(longest_of, silences(conversation)), strict=True)
    return [
        {
            "from": each.after,
            "to": each.who,
            "at_s": as_seconds(each.onset),
            "fto_s": as_seconds(each.fto) if each.fto is not None and each.measured else None,
            "after_share": each.after_share,
            "too_soon": each.too_soon,
            "over": each.over,
            "answer": each.is_answer,
            "silence_at_s": held.start_s if held and each.measured else None,
            "silence_s": as_seconds(held.duration) if held and each.measured else None,
        }
        for each, held in before
    ]


def _cues(events: Iterable[Event]) -> list[dict[str, Any]]:
    """All decisions; a failure belongs to the latest cue of its kind."""
    found: list[dict[str, Any]] = []
    for event in events:
        if isinstance(event, Cue):
            found.append(_cue(event))
        elif isinstance(event, CueFailed):
            given = (each for each in reversed(found) if each["given"] and each["kind"] == event.kind)
            if (cue := next(given, None)) is not None:
                cue["failed"] = True
    return found


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
        "failed": False,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    """A figure with its count and its unit; its 95% interval, if it has one; "unsure" only if that is so."""
    ends = {} if figure.interval is None else {"low": figure.interval[0], "high": figure.interval[1]}
    unsure = {"unsure": True} if figure.unsure else {}
    return {"value": _rounded(figure.value), "n": figure.n, "unit": figure.unit, **_rounded(ends), **unsure}


def _rounded(value: Any) -> Any:
    """`value` with all floats rounded to three decimals, also inside lists and objects; infinite ones become None."""
    if isinstance(value, float):
        return round(value, 3) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value
