"""Counts violations of the three cue rules in a session, and how often each cue was given or held back."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from coach.coaching import GATE_SENTENCES
from coach.core.events import Cue, Event
from coach.core.settings import Settings
from coach.core.span import Span, as_samples, joined
from coach.sessions import SessionHeader, Store
from scripts.bench.results.tables import table
from scripts.simulate.perfect_hearing import FOUND, Said
from scripts.simulate.transcripts import (
    PEOPLE,
)

PROMISES = ("over somebody's words", "sooner than the budget", "held back without a stored reason")
ASIDE = {("tone", "too_soon"), ("tone", "over")}  # these may play during speech


def over_somebody(cues: list[Cue], said: list[Said]) -> int:
    """Cues that began while a voice was active, allowing for the ear's detection delay."""
    voices = [Span(span.start + FOUND, span.end) for span in joined(each.span for each in said)]
    return sum((c.form, c.kind) not in ASIDE and any(c.at in voice for voice in voices) for c in cues)


def too_early(cues: list[Cue], settings: Settings) -> int:
    """Cues in the quiet first minute, or too soon after another of the same form."""
    early = sum(cue.at < as_samples(settings.quiet_first) for cue in cues)
    for form, every in (("tone", settings.tone_every), ("spoken", settings.spoken_every)):
        times = [cue.at for cue in cues if cue.form == form]
        early += sum(b - a < as_samples(every) for a, b in pairwise(times))
    return early


def unexplained(events: list[Event], store: Store) -> int:
    """Cues that were held back without a reason in the store."""
    session = store.begin(SessionHeader(people=PEOPLE))
    store.write(session, events)
    told = [e for e in store.events(session) if isinstance(e, Cue) and e.held_back in GATE_SENTENCES]
    return sum(isinstance(e, Cue) and not e.given for e in events) - len(told)


def text(result: dict[str, Any]) -> str:
    hours = result["hours"]
    rows = [[*name.split(" ", 1), str(n), f"{n / hours:.1f}"] for name, n in sorted(result["cues"].items())]
    promises = [[name, str(result["broken"][name])] for name in PROMISES]
    title = f"decisions in {hours:g} hours of simulated talk, {result['sessions']} conversations"
    return table(title, ["cue", "", "times", "per hour"], rows) + "\n" + table("broken", ["promise", "times"], promises)
