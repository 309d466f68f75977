"""docs/statistics.md explains every statistic of an analysis."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from coach.core.events import AudioGap, Event, Speech, Words
from coach.core.span import Span, as_samples
from coach.review import analyse_events
from coach.review.figures import definition

PAGE = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text(encoding="utf-8")


def figures(*more: Event) -> dict[str, Any]:
    """The statistics of the conversation on the page."""
    events: list[Event] = list(more)
    for line in PAGE.split("```")[1].splitlines()[2:]:
        who, start, end, *count = line.split()
        span = Span.seconds(float(start), float(end))
        events.append(Speech(at=span.end, who=who, span=span, confidence=1.0))
        events += [Words(at=span.end, who=who, span=span, count=int(each), text=None) for each in count]
    events.sort(key=lambda event: event.at)
    ends = as_samples(30)
    return analyse_events(
        events, name="page", duration=ends, channels=1, settings={}, people=("Ana", "Ben"), words=False
    )["statistics"]


def test_every_number_of_an_analysis_is_explained_on_the_page():
    explained = {name.partition(".")[0] for name in re.findall(r"`([a-z0-9_]+(?:\.\w+)?)`", PAGE)}
    assert {name.partition(".")[0] for name in figures()} <= explained


def test_lost_sound_counts_as_the_page_says():
    heard, lost = figures(), figures(AudioGap(at=as_samples(11.4), span=Span.seconds(11, 11.4), reason="lag"))
    assert [(heard[name]["value"], heard[name]["n"]) for name in ("unheard_s", "unmeasured_transfers")] == [
        (0, 0),
        (0, 4),
    ]
    assert [(lost[name]["value"], lost[name]["n"]) for name in ("unheard_s", "unmeasured_transfers")] == [
        (0.4, 1),
        (1, 4),
    ]
    assert (heard["fto_median_s"]["n"], lost["fto_median_s"]["n"]) == (4, 3)
    assert heard["fto_mean_s"]["value"] != lost["fto_mean_s"]["value"]


def test_every_source_is_cited_and_every_citation_has_its_source():
    text, _, sources = PAGE.partition("## Sources")
    cited = {int(number) for number in re.findall(r"\[(\d+)\]", text)}
    assert cited == {int(number) for number in re.findall(r"^(\d+)\. ", sources, re.MULTILINE)}


def test_the_definitions_of_what_comes_from_words_and_of_what_is_missing_are_those_of_the_code():
    rows = dict(re.findall(r"^\| `([a-z_]+)(?:\.\w+)?` \| ([^|]+) \|$", PAGE, re.MULTILINE))
    assert len(rows) > 20
    assert rows == {name: definition(name) for name in rows}
