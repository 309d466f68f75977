"""The section of the page about the amount of talk and the length of turns. People are not ranked."""

from __future__ import annotations

from coach.review.analysis import Analysis
from coach.review.figures import definition
from coach.review.page.document import Figure, PageTable, Section
from coach.review.page.drawing import (
    FAINTEST,
    LANE,
    by_name,
    chart,
    ink,
    lanes,
    mark,
    measuring,
    person_colours,
    person_inks,
)
from coach.review.page.numbers import each, numbers
from coach.review.page.timeline import voices
from coach.review.titles import value_and_source
from coach.review.wording import called, clock, counted, listed, seconds


def talk(analysis: Analysis) -> Section:
    """The section, with each person's share of the speech and the length of every turn."""
    told = numbers(
        analysis,
        *each(analysis, "turns"),
        *each(analysis, "longest_turn_s"),
        *each(analysis, "backchannels"),
        *each(analysis, "backchannels_per_minute"),
        *each(analysis, "words_per_minute"),
    )
    return Section(id="talk", title="Talk and turns", numbers=told, figures=(_shares(analysis), _lengths(analysis)))


def _shares(analysis: Analysis) -> Figure:
    people = [who for who in voices(analysis) if analysis["statistics"][f"talk_share.{who}"]["value"]]
    part = {who: analysis["statistics"][f"talk_share.{who}"] for who in people}
    time = {who: analysis["statistics"][f"talk_s.{who}"] for who in people}
    shown, lasted = (
        {who: value_and_source(f"{name}.{who}", figure)[0] for who, figure in figures.items()}
        for name, figures in (("talk_share", part), ("talk_s", time))
    )
    rows = [
        {
            "lane": "", "who": called(who), "order": place, "part": part[who]["value"],
            "text": f"{called(who)} {shown[who]}",
            "says": f"{called(who)}: {shown[who]} of all speech, {lasted[who]}",
        }
        for place, who in enumerate(people)
    ]  # fmt: skip
    label = f"Share of all speech: {listed(people)}."
    place = {
        "x": {
            "field": "part", "type": "quantitative", "stack": "zero", "title": None, "scale": {"domain": [0, 1]},
            "axis": {"format": "%", "tickCount": 4},
        },
        "order": {"field": "order"},
    }  # fmt: skip
    names = list(map(called, voices(analysis)))
    colour = by_name("who", names, person_inks(voices(analysis)))
    bar = mark("bar", height=26, strokeWidth=1.5, encoding={**place, "color": colour, "stroke": {"value": ink("card")}})
    return Figure(
        id="shares-figure",
        title="Who talked how much",
        label=label,
        about=f"{definition('talk_share')} Silences do not count; when two people spoke at once, both count.",
        n=sum(figure["n"] for figure in time.values()),
        spec=chart(rows, bar, label=label, height=36) if rows else None,
        empty="Nobody was heard.",
        key=tuple((colour, row["text"]) for colour, row in zip(person_colours(people), rows, strict=True)),
        table=PageTable(
            ("Who", "Share of the talk", "Talk"),
            tuple((called(who), shown[who], lasted[who]) for who in people),
        ),
    )


def _lengths(analysis: Analysis) -> Figure:
    people = voices(analysis)
    names = list(map(called, people))
    turns = [turn for turn in analysis["turns"] if turn["kind"] == "turn"]
    rows = [
        {
            "lane": called(turn["who"]), "length": round(turn["end_s"] - turn["start_s"], 3), "start": turn["start_s"],
            "says": f"{called(turn['who'])}: {seconds(turn['end_s'] - turn['start_s'])} from {clock(turn['start_s'])}",
        }
        for turn in turns
    ]  # fmt: skip
    label = f"Length of {counted(len(rows), 'turn')}, by person."
    ticks = mark(
        "tick",
        thickness=2.5,
        height={"band": 0.6},
        opacity=FAINTEST,
        encoding={
            "x": {"field": "length", **measuring("seconds")},
            "y": lanes(names),
            "color": by_name("lane", names, person_inks(people)),
        },
    )
    return Figure(
        id="lengths-figure",
        title="How long turns were",
        label=label,
        about="One line for each turn, from beginning to end, pauses included; “mm-hm” is not a turn.",
        n=len(rows),
        spec=chart(rows, ticks, label=label, height=LANE * len(names)) if rows else None,
        empty="No turn was heard.",
        table=PageTable(
            ("When", "Who", "How long"),
            tuple((clock(t["start_s"]), called(t["who"]), seconds(t["end_s"] - t["start_s"])) for t in turns),
            tuple(turn["start_s"] for turn in turns),
        ),
    )
