"""The section of the page about depth: the level of each stretch over time, and the kinds of experience.

Each stretch is shown as it was read. Nothing is averaged or added up for a person, because depth depends on the moment,
on the story, and on the other person's questions.
"""

from __future__ import annotations

from coach.core.events import KINDS
from coach.review.analysis import Analysis
from coach.review.figures import told_name
from coach.review.page.document import Figure, PageTable, Section
from coach.review.page.drawing import (
    LANE,
    UNTIL,
    along_time,
    by_name,
    chart,
    counting,
    ink,
    lanes,
    mark,
    person_colours,
    person_inks,
)
from coach.review.page.happened import Happened
from coach.review.page.timeline import of_span, voices
from coach.review.wording import called, clock, counted, listed

LEVELS = {
    "N": ("depth-n", "no sharing"),
    "1": ("depth-1", "what happened"),
    "2": ("depth-2", "mixed"),
    "3": ("depth-3", "experience"),
}
ABOUT = (
    "What each stretch of words probably was: no sharing (greetings, arrangements, “mm-hm”), what happened, mixed, or "
    "the speaker's own experience. A small model judges it from the recognised words. Nobody can judge a single "
    "stretch well, so look at the colour of minutes rather than moments. Deeper is not better."
)
NO_WORDS = "No words were recognised in this session, so there is nothing to show here. Pauses and turns need no words."


def depth(analysis: Analysis, happened: Happened) -> Section:
    """The section, with one band per person and one bar per kind."""
    return Section(id="depth", title="What was told", figures=(_band(analysis, happened), _kinds(analysis, happened)))


def _band(analysis: Analysis, happened: Happened) -> Figure:
    people = voices(analysis)
    rows = [
        of_span(called(words.who), words.level, words.span, _probably(words.level, words.kinds))
        for words in happened.stretches
        if words.level in LEVELS
    ]
    label = f"What {listed(people)} told over time, in four levels."
    colour = by_name("look", list(LEVELS), [ink(name) for name, _ in LEVELS.values()])
    bar = mark("bar", height={"band": 0.7}, strokeWidth=0.6, encoding={**UNTIL, "color": colour, "stroke": colour})
    spec = along_time(
        rows, bar, label=label, names=list(map(called, people)), duration_s=analysis["recording"]["duration_s"]
    )
    return Figure(
        id="depth-figure",
        title="Event and experience over time",
        label=label,
        about=ABOUT,
        n=len(rows),
        spec=spec if rows else None,
        empty=NO_WORDS,
        key=tuple(LEVELS.values()),
        zooms=True,
        table=PageTable(
            ("From", "To", "Who", "Probably"),
            tuple((clock(r["start"] / 1000), clock(r["end"] / 1000), r["lane"], r["what"]) for r in rows),
        ),
    )


def _probably(level: str, kinds: tuple[str, ...]) -> str:
    told = f": {', '.join(kinds)}" if kinds else ""
    return f"probably {LEVELS[level][1]}{told}"


def _kinds(analysis: Analysis, happened: Happened) -> Figure:
    people = voices(analysis)
    counts = {
        (kind, who): analysis["statistics"][f"{told_name(kind)}.{who}"]["value"] for kind in KINDS for who in people
    }
    told = [kind for kind in KINDS if any(counts[kind, who] for who in people)]
    rows = [
        {
            "lane": kind, "who": called(who), "order": people.index(who), "times": counts[kind, who],
            "says": f"{called(who)}: probably {kind}, in {counted(counts[kind, who], 'turn')}",
        }
        for kind in told
        for who in people
        if counts[kind, who]
    ]  # fmt: skip
    most = max((sum(counts[kind, who] for who in people) for kind in told), default=0)
    label = "Kinds of experience, by how often they were probably told."
    bars = mark(
        "bar",
        height={"band": 0.62},
        strokeWidth=1,
        encoding={
            "x": {"field": "times", **counting("turns", most)},
            "y": lanes(told),
            "color": by_name("who", list(map(called, people)), person_inks(people)),
            "stroke": {"value": ink("card")},
            "order": {"field": "order"},
        },
    )  # fmt: skip
    return Figure(
        id="kinds-figure",
        title="Kinds of experience",
        label=label,
        about=f"The number of turns in which each of the eight kinds was probably told: {listed(KINDS)}. One turn may "
        "tell several kinds; n is the number of turns whose words were judged.",
        n=sum(analysis["statistics"][f"{told_name(KINDS[0])}.{who}"]["n"] for who in people),
        spec=chart(rows, bars, label=label, height=LANE * len(told)) if rows else None,
        empty="No kind of experience was found in the words of this session." if happened.stretches else NO_WORDS,
        key=tuple(zip(person_colours(people), map(called, people), strict=True)),
        table=PageTable(
            ("Kind", *map(called, people)), tuple((kind, *(str(counts[kind, who]) for who in people)) for kind in told)
        ),
    )
