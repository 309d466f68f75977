"""The section of the page about the amount of talk and the length of turns. People are not ranked."""

from __future__ import annotations

from coach.core.texts import Texts
from coach.review.analysis import Analysis
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
from coach.review.titles import defined, value_and_source
from coach.review.wording import called, clock, each_called, listed, number_of, seconds


def talk(analysis: Analysis, says: Texts) -> Section:
    """The section, with each person's share of the speech and the length of every turn."""
    told = numbers(
        analysis,
        says,
        *each(analysis, "turns"),
        *each(analysis, "longest_turn_s"),
        *each(analysis, "backchannels"),
        *each(analysis, "backchannels_per_minute"),
        *each(analysis, "words_per_minute"),
    )
    figures = (_shares(analysis, says), _lengths(analysis, says))
    return Section(id="talk", title=says["talk.title"], numbers=told, figures=figures)


def _shares(analysis: Analysis, says: Texts) -> Figure:
    people = [who for who in voices(analysis) if analysis["statistics"][f"talk_share.{who}"]["value"]]
    part = {who: analysis["statistics"][f"talk_share.{who}"] for who in people}
    time = {who: analysis["statistics"][f"talk_s.{who}"] for who in people}
    shown, lasted = (
        {who: value_and_source(f"{name}.{who}", figure, says)[0] for who, figure in figures.items()}
        for name, figures in (("talk_share", part), ("talk_s", time))
    )
    rows = [
        {
            "lane": "", "who": called(who, says), "order": place, "part": part[who]["value"],
            "text": f"{called(who, says)} {shown[who]}",
            "says": says["talk.shares_row"].format(who=called(who, says), share=shown[who], time=lasted[who]),
        }
        for place, who in enumerate(people)
    ]  # fmt: skip
    label = says["talk.shares_label"].format(people=listed(people, says))
    place = {
        "x": {
            "field": "part", "type": "quantitative", "stack": "zero", "title": None, "scale": {"domain": [0, 1]},
            "axis": {"format": "%", "tickCount": 4},
        },
        "order": {"field": "order"},
    }  # fmt: skip
    names = each_called(voices(analysis), says)
    colour = by_name("who", names, person_inks(voices(analysis)))
    bar = mark("bar", height=26, strokeWidth=1.5, encoding={**place, "color": colour, "stroke": {"value": ink("card")}})
    return Figure(
        id="shares-figure",
        title=says["talk.shares"],
        label=label,
        about=says["talk.shares_about"].format(definition=defined("talk_share", says)),
        n=sum(figure["n"] for figure in time.values()),
        spec=chart(rows, bar, label=label, height=36) if rows else None,
        empty=says["talk.nobody"],
        key=tuple((colour, row["text"]) for colour, row in zip(person_colours(people), rows, strict=True)),
        table=PageTable(
            (says["head.who"], says["title.talk_share"], says["title.talk_s"]),
            tuple((called(who, says), shown[who], lasted[who]) for who in people),
        ),
    )


def _lengths(analysis: Analysis, says: Texts) -> Figure:
    people = voices(analysis)
    names = each_called(people, says)
    turns = [turn for turn in analysis["turns"] if turn["kind"] == "turn"]
    rows = [
        {
            "lane": called(turn["who"], says), "start": turn["start_s"],
            "length": round(turn["end_s"] - turn["start_s"], 3),
            "says": says["talk.lengths_row"].format(
                who=called(turn["who"], says),
                s=seconds(turn["end_s"] - turn["start_s"], says),
                time=clock(turn["start_s"]),
            ),
        }
        for turn in turns
    ]  # fmt: skip
    label = says["talk.lengths_label"].format(turns=number_of(len(rows), "turn", says, of=True))
    ticks = mark(
        "tick",
        thickness=2.5,
        height={"band": 0.6},
        opacity=FAINTEST,
        encoding={
            "x": {"field": "length", **measuring(says["talk.seconds"])},
            "y": lanes(names),
            "color": by_name("lane", names, person_inks(people)),
        },
    )
    return Figure(
        id="lengths-figure",
        title=says["talk.lengths"],
        label=label,
        about=says["talk.lengths_about"],
        n=len(rows),
        spec=chart(rows, ticks, label=label, height=LANE * len(names)) if rows else None,
        empty=says["talk.no_turn"],
        table=PageTable(
            (says["head.when"], says["head.who"], says["head.length"]),
            tuple(
                (clock(t["start_s"]), called(t["who"], says), seconds(t["end_s"] - t["start_s"], says)) for t in turns
            ),
            tuple(turn["start_s"] for turn in turns),
        ),
    )
