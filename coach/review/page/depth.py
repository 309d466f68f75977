"""The section of the page about depth: the level of each stretch over time, and the kinds of experience.

Each stretch is shown as it was read. Nothing is averaged or added up for a person, because depth depends on the moment,
on the story, and on the other person's questions.
"""

from __future__ import annotations

from coach.core.events import KINDS
from coach.core.texts import Texts
from coach.review.analysis import Analysis, begins
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
from coach.review.wording import called, clock, each_called, listed, number_of

LEVELS = {  # with their colours and their names
    "N": ("depth-n", "level.none"),
    "1": ("depth-1", "level.event"),
    "2": ("depth-2", "level.mixed"),
    "3": ("depth-3", "level.experience"),
}


def depth(analysis: Analysis, happened: Happened, says: Texts) -> Section:
    """The section, with one band per person and one bar per kind."""
    figures = (_band(analysis, happened, says), _kinds(analysis, happened, says))
    return Section(id="depth", title=says["depth.title"], figures=figures)


def _band(analysis: Analysis, happened: Happened, says: Texts) -> Figure:
    people = voices(analysis)
    rows = [
        of_span(called(words.who, says), words.level, words.span, _probably(words.level, words.kinds, says), says)
        for words in happened.stretches
        if words.level in LEVELS
    ]
    label = says["depth.label"].format(people=listed(people, says))
    colour = by_name("look", list(LEVELS), [ink(name) for name, _ in LEVELS.values()])
    bar = mark("bar", height={"band": 0.7}, strokeWidth=0.6, encoding={**UNTIL, "color": colour, "stroke": colour})
    names = each_called(people, says)
    ends = analysis["recording"]["duration_s"]
    spec = along_time(rows, bar, label=label, names=names, begins_s=begins(analysis), ends_s=ends)
    return Figure(
        id="depth-figure",
        title=says["depth.figure"],
        label=label,
        about=says["depth.about"],
        n=len(rows),
        spec=spec if rows else None,
        empty=says["depth.no_words"],
        key=tuple((colour_name, says[key]) for colour_name, key in LEVELS.values()),
        zooms=True,
        table=PageTable(
            (says["head.from"], says["head.to"], says["head.who"], says["head.probably"]),
            tuple((clock(r["start"] / 1000), clock(r["end"] / 1000), r["lane"], r["what"]) for r in rows),
        ),
    )


def _probably(level: str, kinds: tuple[str, ...], says: Texts) -> str:
    told = ", ".join(says[f"kind.{kind}"] for kind in kinds)
    return says["depth.probably_kinds" if told else "depth.probably"].format(level=says[LEVELS[level][1]], kinds=told)


def _kinds(analysis: Analysis, happened: Happened, says: Texts) -> Figure:
    people = voices(analysis)
    counts = {
        (kind, who): analysis["statistics"][f"{told_name(kind)}.{who}"]["value"] for kind in KINDS for who in people
    }
    told = [kind for kind in KINDS if any(counts[kind, who] for who in people)]
    name = {kind: says[f"kind.{kind}"] for kind in KINDS}
    rows = [
        {
            "lane": name[kind], "who": called(who, says), "order": people.index(who), "times": counts[kind, who],
            "says": says["depth.kinds_row"].format(
                who=called(who, says), kind=name[kind], turns=number_of(counts[kind, who], "turn", says, of=True)
            ),
        }
        for kind in told
        for who in people
        if counts[kind, who]
    ]  # fmt: skip
    most = max((sum(counts[kind, who] for who in people) for kind in told), default=0)
    label = says["depth.kinds_label"]
    names = each_called(people, says)
    bars = mark(
        "bar",
        height={"band": 0.62},
        strokeWidth=1,
        encoding={
            "x": {"field": "times", **counting(says["depth.axis"], most)},
            "y": lanes([name[kind] for kind in told]),
            "color": by_name("who", names, person_inks(people)),
            "stroke": {"value": ink("card")},
            "order": {"field": "order"},
        },
    )  # fmt: skip
    return Figure(
        id="kinds-figure",
        title=says["depth.kinds"],
        label=label,
        about=says["depth.kinds_about"].format(kinds=listed(list(name.values()), says)),
        n=sum(analysis["statistics"][f"{told_name(KINDS[0])}.{who}"]["n"] for who in people),
        spec=chart(rows, bars, label=label, height=LANE * len(told)) if rows else None,
        empty=says["depth.no_kind" if happened.stretches else "depth.no_words"],
        key=tuple(zip(person_colours(people), names, strict=True)),
        table=PageTable(
            (says["head.kind"], *names),
            tuple((name[kind], *(str(counts[kind, who]) for who in people)) for kind in told),
        ),
    )
