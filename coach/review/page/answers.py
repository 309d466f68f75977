"""The sections of the page about answers to a share: pauses, early answers, silences and kinds of answer.

They judge nothing: the breath (target pause) is the people's own choice, and nothing else is compared with the figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import ceil, floor
from typing import Any

from coach.core.events import RESPONSES
from coach.core.texts import Texts
from coach.review.analysis import Analysis, last_breath
from coach.review.figures import answered_name
from coach.review.page.document import Figure, PageTable, Section
from coach.review.page.drawing import (
    FAINTEST,
    LANE,
    by_name,
    chart,
    counting,
    ink,
    lanes,
    mark,
    measuring,
    person_inks,
    rule_at,
)
from coach.review.page.happened import Happened
from coach.review.page.numbers import each, numbers
from coach.review.page.timeline import voices
from coach.review.terminal import growing_told
from coach.review.titles import defined
from coach.review.wording import ENGLISH, called, clock, each_called, early, number_of, seconds, short, signed

OVERLAP, SOONER, PAST = "over", "under", "past"  # when an answer began; also the names of their colours
KINDS_OF_PAUSES = (OVERLAP, SOONER, PAST)
WIDTHS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds; a histogram uses the narrowest bin that needs at most BINS
BINS = 40
HELD_SHOWN = 8  # longest silences in the table


# --------------------------------------------------------------------------------------------------- how long


def pauses(analysis: Analysis, says: Texts) -> Section:
    """The distribution of answering pauses, with the breath drawn in and overlaps in their own colour."""
    breath = last_breath(analysis)
    shown = short(breath, says)
    found = analysis["statistics"]["answering_pauses_s"]["value"] or []
    rows = bins(found, breath, says)
    most = max(Counter(row["low"] for row in rows for _ in range(row["answers"])).values(), default=0)
    about_breath = growing_told(analysis, says) or says["pauses.chosen"].format(breath=shown)
    label = says["pauses.label"].format(answers=number_of(len(found), "answer", says), breath=shown)
    bars = mark(
        "bar",
        strokeWidth=1,
        encoding={
            "x": {"field": "low", "bin": "binned", **measuring(says["pauses.axis"])},
            "x2": {"field": "high"},
            "y": {"field": "answers", **counting(says["pauses.axis_answers"], most)},
            "color": by_name("kind", KINDS_OF_PAUSES, [ink(name) for name in KINDS_OF_PAUSES]),
            "stroke": {"value": ink("card")},
        },
    )  # fmt: skip
    figure = Figure(
        id="pauses-figure",
        title=says["pauses.figure"],
        label=label,
        about=says["pauses.about"].format(definition=defined("answering_pauses_s", says), breath=about_breath),
        n=len(found),
        spec=chart(rows, bars, *rule_at(breath, says["pauses.rule"].format(breath=shown)), label=label, height=190)
        if found
        else None,
        empty=says["pauses.empty"],
        key=tuple((kind, says[f"pauses.{kind}"]) for kind in KINDS_OF_PAUSES),
        table=PageTable(
            (says["head.from"], says["head.to"], says["head.answers"], says["pauses.began"]),
            tuple(
                (signed(r["low"], says), signed(r["high"], says), str(r["answers"]), says[f"pauses.{r['kind']}"])
                for r in rows
            ),
        ),
    )
    told = numbers(
        analysis,
        says,
        "answering_pause_median_s",
        *each(analysis, "answering_pause_s"),
        "after_breath",
        "too_soon_share",
    )
    return Section(
        id="pauses", title=says["pauses.title"], text=(says["pauses.share"],), numbers=told, figures=(figure,)
    )


def bins(pauses: Sequence[float], breath: float, says: Texts = ENGLISH) -> list[dict[str, Any]]:
    """The rows of a histogram: "low" and "high" (seconds), "kind", "answers" (a count), and "says".

    Bins start at multiples of their width. A bin that contains zero or the breath has one row for each side of it. A
    pause on an edge belongs to the bin above it.

    >>> [(row["low"], row["kind"], row["answers"]) for row in bins([-0.4, 0.1, 0.2, 2.0], breath=2.0)]
    [(-0.5, 'over', 1), (0.0, 'under', 2), (2.0, 'past', 1)]
    """
    if not pauses:
        return []
    reach = max(pauses) - min(pauses)
    width = next((each for each in WIDTHS if reach / each <= BINS), WIDTHS[-1] * ceil(reach / WIDTHS[-1] / BINS))
    counts = Counter((floor(pause / width), _kind(pause, breath)) for pause in pauses)
    return [
        {
            "low": place * width, "high": (place + 1) * width, "kind": kind, "answers": count,
            "says": says["pauses.row"].format(
                answers=number_of(count, "answer", says),
                low=signed(place * width, says),
                high=signed((place + 1) * width, says),
                kind=says[f"pauses.{kind}"],
            ),
        }
        for (place, kind), count in sorted(counts.items(), key=lambda one: _order(*one[0]))
    ]  # fmt: skip


def _order(place: int, kind: str) -> tuple[int, int]:
    return place, KINDS_OF_PAUSES.index(kind)


def _kind(pause: float, breath: float) -> str:
    return OVERLAP if pause < 0 else SOONER if pause < breath else PAST


# -------------------------------------------------------------------------------------------- sooner than the breath


def moments(analysis: Analysis, says: Texts) -> Section:
    """The answers that came before the breath had passed or over the end of the share, with their times."""
    soon = [transfer for transfer in analysis["transfers"] if transfer["too_soon"]]
    rows = tuple(
        (
            clock(one["at_s"]),
            called(one["to"], says),
            called(one["from"], says),
            says["soon.before_end" if one["fto_s"] < 0 else "soon.after_end"].format(s=early(abs(one["fto_s"]), says)),
            says["soon.over" if one["over"] else "soon.soon"],
        )
        for one in soon
    )
    head = (says["head.when"], says["soon.who"], says["soon.after"], says["head.how"], says["head.kind"])
    return Section(
        id="soon",
        title=says["soon.title"],
        text=(
            says["soon.text" if rows else "soon.none" if analysis["statistics"]["too_soon"]["n"] else "pauses.empty"],
        ),
        numbers=numbers(analysis, says, "too_soon", "over", *_uncounted(analysis)),
        table=PageTable(head, rows, tuple(one["at_s"] for one in soon)) if rows else None,
    )


def _uncounted(analysis: Analysis) -> list[str]:
    return ["sooner_uncounted"] if analysis["statistics"]["sooner_uncounted"]["value"] else []


# -------------------------------------------------------------------------------------------------- silences held


def silences(analysis: Analysis, happened: Happened, says: Texts) -> Section:
    """The silences between two people's turns, one tick each, by the person who ended them; the longest as a table."""
    people = voices(analysis)
    names = each_called(people, says)
    rows = [
        {
            "lane": called(one.transfer.who, says), "length": one.length, "start": one.span.start_s,
            "says": says["held.row"].format(
                who=called(one.transfer.who, says), s=seconds(one.length, says), time=clock(one.span.start_s)
            ),
        }
        for one in happened.held
    ]  # fmt: skip
    label = says["held.label"].format(silences=number_of(len(rows), "silence", says))
    ticks = mark(
        "tick",
        thickness=2.5,
        height={"band": 0.6},
        opacity=FAINTEST,
        encoding={
            "x": {"field": "length", **measuring(says["held.axis"])},
            "y": lanes(names),
            "color": by_name("lane", names, person_inks(people)),
        },
    )
    longest = sorted(happened.held, key=lambda one: -one.length)[:HELD_SHOWN]
    table = PageTable(
        (says["head.when"], says["head.length"], says["held.next"], says["held.after"]),
        tuple(
            (
                clock(one.span.start_s),
                seconds(one.length, says),
                called(one.transfer.who, says),
                called(one.transfer.after, says),
            )
            for one in longest
        ),
        tuple(one.span.start_s for one in longest),
    )
    figure = Figure(
        id="silences-figure",
        title=says["held.figure"],
        label=label,
        about=says["held.about"].format(most=HELD_SHOWN),
        n=len(rows),
        spec=chart(rows, ticks, label=label, height=LANE * len(names)) if rows else None,
        empty=says["held.empty"],
        table=table,
    )
    told = numbers(
        analysis,
        says,
        *each(analysis, "holding_s"),
        "pause_median_s",
        "pause_longest_s",
        "lapses",
    )
    return Section(id="silences", title=says["held.title"], numbers=told, figures=(figure,))


# ------------------------------------------------------------------------------------------------- in what way


def responses(analysis: Analysis, says: Texts) -> Section:
    """The kinds of answer to a share, without names, as nobody is compared with the other."""
    begun = {(turn["who"], turn["start_s"]): turn for turn in analysis["turns"]}
    answers = [begun[each["to"], each["at_s"]] for each in analysis["transfers"] if each["answer"]]
    answered = [turn for turn in answers if turn["response"]]
    kinds = [kind for kind in RESPONSES if analysis["statistics"][answered_name(kind)]["value"]]
    counts = Counter(turn["response"] for turn in answered)
    name, meant = ({kind: says[f"{of}.{_key(kind)}"] for kind in RESPONSES} for of in ("answer", "meant"))
    rows = [
        {
            "lane": name[kind], "answers": counts[kind],
            "says": says["answers.row"].format(
                answers=number_of(counts[kind], "answer", says), kind=name[kind], meant=meant[kind]
            ),
        }
        for kind in kinds
    ]  # fmt: skip
    label = says["answers.label"].format(answers=number_of(len(answers), "answer", says))
    bars = mark(
        "bar",
        height={"band": 0.62},
        color=ink(PAST),
        encoding={
            "x": {"field": "answers", **counting(says["answers.axis"], max(counts.values(), default=0))},
            "y": lanes([name[kind] for kind in kinds]),
        },
    )
    every = "; ".join(says["answers.kind"].format(kind=name[kind], meant=meant[kind]) for kind in RESPONSES)
    figure = Figure(
        id="responses-figure",
        title=says["answers.figure"],
        label=label,
        about=says["answers.about"].format(kinds=every),
        n=len(answers),
        spec=chart(rows, bars, label=label, height=LANE * len(kinds)) if rows else None,
        empty=says["answers.empty"],
        table=PageTable(
            (says["head.when"], says["head.probably"]),
            tuple((clock(turn["start_s"]), name[turn["response"]]) for turn in answered),
            tuple(turn["start_s"] for turn in answered),
        ),
    )
    told = numbers(analysis, says, "answered_unread") if 0 < len(answered) < len(answers) else ()
    return Section(id="responses", title=says["answers.title"], numbers=told, figures=(figure,))


def _key(response: str) -> str:
    """The end of the key of a kind of answer: that of "own story" is own_story."""
    return response.replace(" ", "_")
