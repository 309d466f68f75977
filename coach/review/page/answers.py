"""The sections of the page about answers to a share: pauses, early answers, silences and kinds of answer.

They judge nothing: the breath (target pause) is the people's own choice, and nothing else is compared with the figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import ceil, floor
from typing import Any

from coach.core.events import RESPONSES
from coach.review.analysis import Analysis, last_breath
from coach.review.figures import answered_name, definition
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
    person_colours,
    person_inks,
    rule_at,
)
from coach.review.page.happened import Happened
from coach.review.page.numbers import each, numbers
from coach.review.page.timeline import voices
from coach.review.terminal import growing_told
from coach.review.wording import called, clock, counted, seconds, signed

OVERLAP, SOONER, PAST = "both at once", "sooner than the breath", "after the breath"
INKS = {OVERLAP: "over", SOONER: "under", PAST: "past"}
WIDTHS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds; a histogram uses the narrowest bin that needs at most BINS
BINS = 40
HELD_SHOWN = 8  # longest silences in the table

MEANT = {
    "reflection": "says it back, or guesses a meaning, feeling or need",
    "open question": "asks about the other's experience",
    "detail question": "asks for facts",
    "advice": "suggests, solves, instructs",
    "own story": "the focus moved to the person answering",
    "reassurance": "consoles, praises, agrees warmly",
    "backchannel": "shows that they are listening",
    "other": "something else, or the coach is not sure",
}


# --------------------------------------------------------------------------------------------------- how long


def pauses(analysis: Analysis) -> Section:
    """The distribution of answering pauses, with the breath drawn in and overlaps in their own colour."""
    breath = last_breath(analysis)
    found = analysis["statistics"]["answering_pauses_s"]["value"] or []
    rows = bins(found, breath)
    most = max(Counter(row["low"] for row in rows for _ in range(row["answers"])).values(), default=0)
    chosen = f"The line is the breath of {breath:g} s that you chose; it is a practice, not a norm."
    about_breath = growing_told(analysis) or chosen
    label = f"How long {counted(len(found), 'answer')} to a share waited, with a target breath of {breath:g} s."
    bars = mark(
        "bar",
        strokeWidth=1,
        encoding={
            "x": {"field": "low", "bin": "binned", **measuring("seconds after the share had ended")},
            "x2": {"field": "high"},
            "y": {"field": "answers", **counting("answers", most)},
            "color": by_name("kind", list(INKS), [ink(name) for name in INKS.values()]),
            "stroke": {"value": ink("card")},
        },
    )  # fmt: skip
    figure = Figure(
        id="pauses-figure",
        title="Pauses before answering a share",
        label=label,
        about=f"{definition('answering_pauses_s')} Below zero, both spoke. {about_breath}",
        n=len(found),
        spec=chart(rows, bars, *rule_at(breath, f"your breath, {breath:g} s"), label=label, height=190)
        if found
        else None,
        empty="Nobody answered a share here, so there is no pause to show.",
        key=tuple((colour, kind) for kind, colour in INKS.items()),
        table=PageTable(
            ("From", "To", "Answers", "When it began"),
            tuple((f"{signed(r['low'])}", f"{signed(r['high'])}", str(r["answers"]), r["kind"]) for r in rows),
        ),
    )
    told = numbers(
        analysis,
        "answering_pause_median_s",
        *each(analysis, "answering_pause_s"),
        "after_breath",
        "too_soon_share",
    )
    return Section(id="pauses", title="Room after a share", numbers=told, figures=(figure,))


def bins(pauses: Sequence[float], breath: float) -> list[dict[str, Any]]:
    """The rows of a histogram: "low" and "high" (seconds), "kind", "answers" (a count), and "says".

    Bins start at multiples of their width. A bin that contains zero or the breath has one row for each side of it. A
    pause on an edge belongs to the bin above it.

    >>> [(row["low"], row["kind"], row["answers"]) for row in bins([-0.4, 0.1, 0.2, 2.0], breath=2.0)]
    [(-0.5, 'both at once', 1), (0.0, 'sooner than the breath', 2), (2.0, 'after the breath', 1)]
    """
    if not pauses:
        return []
    reach = max(pauses) - min(pauses)
    width = next((each for each in WIDTHS if reach / each <= BINS), WIDTHS[-1] * ceil(reach / WIDTHS[-1] / BINS))
    counts = Counter((floor(pause / width), _kind(pause, breath)) for pause in pauses)
    return [
        {
            "low": place * width, "high": (place + 1) * width, "kind": kind, "answers": count,
            "says": f"{counted(count, 'answer')} from {signed(place * width)} to {signed((place + 1) * width)}: {kind}",
        }
        for (place, kind), count in sorted(counts.items(), key=lambda one: (one[0][0], list(INKS).index(one[0][1])))
    ]  # fmt: skip


def _kind(pause: float, breath: float) -> str:
    return OVERLAP if pause < 0 else SOONER if pause < breath else PAST


# ------------------------------------------------------------------------------------------------ too soon, and over


def moments(analysis: Analysis) -> Section:
    """The answers that came before the breath had passed or over the end of the share, with their times."""
    soon = [transfer for transfer in analysis["transfers"] if transfer["too_soon"]]
    rows = tuple(
        (
            clock(one["at_s"]),
            called(one["to"]),
            called(one["from"]),
            f"began {signed(abs(one['fto_s']))} {'before' if one['fto_s'] < 0 else 'after'} the end",
            "too soon, over the end" if one["over"] else "too soon",
        )
        for one in soon
    )
    text = (
        "Choose a moment to see it in the timeline. Only the two of you can say whether an answer that began early "
        "interrupted or joined in."
        if rows
        else "None: no answer to a share began before the breath had passed."
    )
    return Section(
        id="soon",
        title="Too soon, and over the end",
        text=(text,),
        numbers=numbers(analysis, "too_soon", "over", *_uncounted(analysis)),
        table=PageTable(("When", "Who began", "After whom", "How", "Kind"), rows, tuple(one["at_s"] for one in soon))
        if rows
        else None,
    )


def _uncounted(analysis: Analysis) -> list[str]:
    return ["sooner_uncounted"] if analysis["statistics"]["sooner_uncounted"]["value"] else []


# -------------------------------------------------------------------------------------------------- silences held


def silences(analysis: Analysis, happened: Happened) -> Section:
    """The silences between two people's turns, one tick each, by the person who ended them; the longest as a table."""
    people = voices(analysis)
    names = list(map(called, people))
    rows = [
        {
            "lane": called(one.transfer.who), "length": one.length, "start": one.span.start_s,
            "says": f"{called(one.transfer.who)} left {seconds(one.length)} at {clock(one.span.start_s)}",
        }
        for one in happened.held
    ]  # fmt: skip
    label = f"Length of {counted(len(rows), 'silence')} between two people's turns, by the person who ended it."
    ticks = mark(
        "tick",
        thickness=2.5,
        height={"band": 0.6},
        opacity=FAINTEST,
        encoding={
            "x": {"field": "length", **measuring("seconds of silence")},
            "y": lanes(names),
            "color": by_name("lane", names, person_inks(people)),
        },
    )
    longest = sorted(happened.held, key=lambda one: -one.length)[:HELD_SHOWN]
    table = PageTable(
        ("When", "How long", "Who spoke next", "After whom"),
        tuple(
            (clock(one.span.start_s), seconds(one.length), called(one.transfer.who), called(one.transfer.after))
            for one in longest
        ),
        tuple(one.span.start_s for one in longest),
    )
    figure = Figure(
        id="silences-figure",
        title="Silences between two people's turns",
        label=label,
        about="One line for each silence between two people's turns, in the row of the person who spoke next. The "
        f"table shows the {HELD_SHOWN} longest. Longer is not better: only those present know what a silence held.",
        n=len(rows),
        spec=chart(rows, ticks, label=label, height=LANE * len(names)) if rows else None,
        empty="There was no silence between two people's turns.",
        table=table,
    )
    told = numbers(
        analysis,
        *each(analysis, "holding_s"),
        "pause_median_s",
        "pause_longest_s",
        "lapses",
    )
    return Section(id="silences", title="Silences held", numbers=told, figures=(figure,))


# ------------------------------------------------------------------------------------------------- in what way


def responses(analysis: Analysis) -> Section:
    """The kinds of answer to a share, by person."""
    people = voices(analysis)
    begun = {(turn["who"], turn["start_s"]): turn for turn in analysis["turns"]}
    answers = [begun[each["to"], each["at_s"]] for each in analysis["transfers"] if each["answer"]]
    answered = [turn for turn in answers if turn["response"]]
    kinds = [kind for kind in RESPONSES if analysis["statistics"][answered_name(kind)]["value"]]
    counts = Counter((turn["response"], turn["who"]) for turn in answered)
    rows = [
        {
            "lane": kind, "who": called(who), "order": people.index(who), "answers": counts[kind, who],
            "says": f"{called(who)}: {counted(counts[kind, who], 'answer')}, probably {kind} ({MEANT[kind]})",
        }
        for kind in kinds
        for who in people
        if counts[kind, who]
    ]  # fmt: skip
    most = max(Counter(turn["response"] for turn in answered).values(), default=0)
    label = f"{counted(len(answers), 'answer')} to a share, by kind."
    bars = mark(
        "bar",
        height={"band": 0.62},
        strokeWidth=1,
        encoding={
            "x": {"field": "answers", **counting("answers", most)},
            "y": lanes(kinds),
            "color": by_name("who", list(map(called, people)), person_inks(people)),
            "stroke": {"value": ink("card")},
            "order": {"field": "order"},
        },
    )  # fmt: skip
    figure = Figure(
        id="responses-figure",
        title="Kinds of answer",
        label=label,
        about="How somebody who had shared was probably answered: "
        + "; ".join(f"{kind}: {MEANT[kind]}" for kind in RESPONSES)
        + ". A small model judges this from the words and is often unsure; people agree on these kinds moderately.",
        n=len(answers),
        spec=chart(rows, bars, label=label, height=LANE * len(kinds)) if rows else None,
        empty="No answer to a share was found: either nobody answered one, or no words were recognised.",
        key=tuple(zip(person_colours(people), map(called, people), strict=True)),
        table=PageTable(
            ("When", "Who", "Probably"),
            tuple((clock(turn["start_s"]), called(turn["who"]), turn["response"]) for turn in answered),
            tuple(turn["start_s"] for turn in answered),
        ),
    )
    told = numbers(analysis, "answered_unread") if 0 < len(answered) < len(answers) else ()
    return Section(id="responses", title="How shares were answered", numbers=told, figures=(figure,))
