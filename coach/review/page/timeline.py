"""The timeline on the page: turns, silences, overlaps, lost sound, cues and marks.

Ana        ▇▇▇▇▇▇▇▇▇▇▇▇▇     ▇▇▇▇▇
Ben              ▂         ▇▇▇▇▇▇▇▇▇▇▇        tall: turns · low: “mm-hm” and speech that did not take it
by the clock ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▒▒▒▒▒▒▒▒▒▒▒▒    whose turn to share it was, in a turn-taking exercise
silence               ━━━━             ━━━    between two people's turns
overlap          ─         ─
coach                        ●  ○             cues given, and held back
marks                                ◆
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coach.core.span import Span, as_seconds
from coach.review.analysis import Analysis
from coach.review.page.document import Figure, PageTable
from coach.review.page.drawing import UNTIL, Spec, along_time, by_name, ink, mark, milliseconds, person_inks
from coach.review.page.happened import BOWL, Happened
from coach.review.wording import called, clock, counted, held_back, listed, seconds, spoken

Row = dict[str, Any]

CLOCK, SILENCE, OVERLAP = "by the clock", "silence", "both at once"
UNHEARD, COACH, MARKS = "not heard", "coach", "marks"
LANES = {  # with their colours
    CLOCK: "past", SILENCE: "quiet", OVERLAP: "over", UNHEARD: "soft", COACH: "text", MARKS: "mark",
}  # fmt: skip
TURNS = {"turn": "turn", "backchannel": "“mm-hm”", "incursion": "speech that did not take the floor"}
KEY = {  # by what it explains: a look of the chart, or a lane
    "turn": ("", "tall: turns; the full ones are shares"),
    "aside": ("", "low: “mm-hm”, and speech that did not take the floor"),
    CLOCK: ("", "by the clock: whose turn to share it was"),
    "given": ("", "● cue given: its words are below"),
    "held back": ("", "○ cue held back"),
    "hushed": ("", "bar beside the cues: you asked the coach to be quiet"),
    "mark": ("mark", "◆ a moment that somebody marked"),
}
ABOUT = (
    "Tall bars are turns; the full ones are shares: five seconds of speech or more, and not a question, request or "
    "logistics. Low bars are “mm-hm” and speech that did not take the floor. Silences are those between two people's "
    "turns; “both at once” means that two people spoke. A full circle is a cue that was given, a hollow one a cue that "
    "was held back; a bar in their lane is a time in which you asked the coach to be quiet. A diamond is a moment that "
    "somebody marked, with its note. “By the clock” is whose turn to share it was in a turn-taking exercise. All times "
    "come from the sound, to a fiftieth of a second at best."
)


def timeline(analysis: Analysis, happened: Happened) -> Figure:
    """The timeline with one lane per person and one per kind of event; it can be moved and zoomed."""
    people = voices(analysis)
    told = (
        _turns(analysis),
        _halves(happened),
        _silences(happened),
        _overlaps(happened),
        _unheard(happened),
        _cues(analysis),
    )
    rows = sorted((row for each in (*told, _marks(happened)) for row in each), key=lambda row: row["start"])
    others = [lane for lane in LANES if lane in {row["lane"] for row in rows}]
    names = [*map(called, people), *others]
    label = f"Timeline of {listed(people)}: {_turn_count(analysis)} in {clock(analysis['recording']['duration_s'])}."
    colour = by_name("whose", names, [*person_inks(people), *(ink(LANES[lane]) for lane in others)])
    looks = {
        "turn": _bars("turn", colour, height=0.74, opacity=0.25, outline=1.4),
        "share": _bars("share", colour, height=0.74),
        "aside": _bars("aside", colour, height=0.28),
        "hushed": _bars("hushed", colour, height=0.28),
        "half": _bars("half", colour, height=0.5),
        "between": _bars("between", colour, height=0.34),
        "given": _points("given", colour, filled=True),
        "held back": _points("held back", colour, strokeWidth=1.6),
        "mark": _points("mark", colour, shape="diamond", filled=True),
    }
    seen = {row["look"] for row in rows}
    spec = along_time(
        rows,
        *(layer for look, layer in looks.items() if look in seen),
        label=label,
        names=names,
        duration_s=analysis["recording"]["duration_s"],
    )
    table = PageTable(
        ("From", "To", "Where", "What"),
        tuple((clock(row["start"] / 1000), clock(row["end"] / 1000), row["lane"], row["what"]) for row in rows),
    )
    return Figure(id="timeline", title="Timeline", label=label, about=ABOUT, spec=spec, table=table, zooms=True,
                  key=tuple(text for of, text in KEY.items() if of in seen | set(others)))  # fmt: skip


def voices(analysis: Analysis) -> list[str]:
    """The people in their order, and then the unknown voice, if anything was left to it."""
    return list(dict.fromkeys([*analysis["people"], *(turn["who"] for turn in analysis["turns"])]))


def _turn_count(analysis: Analysis) -> str:
    return counted(sum(turn["kind"] == "turn" for turn in analysis["turns"]), "turn")


def _bars(look: str, colour: Spec, *, height: float, opacity: float = 1.0, outline: float = 0.6) -> Spec:
    """Bars of one look. Their outline keeps short bars visible in a long conversation, and pale ones on any card."""
    return mark(
        "bar",
        only=f"datum.look === '{look}'",
        height={"band": height},
        fillOpacity=opacity,
        strokeWidth=outline,
        encoding={**UNTIL, "color": colour, "stroke": colour},
    )


def _points(look: str, colour: Spec, **shape: Any) -> Spec:
    return mark("point", only=f"datum.look === '{look}'", size=95, opacity=1, encoding={"color": colour}, **shape)


def row(lane: str, look: str, start: float, end: float, what: str) -> Row:
    """A row from `start` to `end` (seconds). `look` selects the layer that draws it, `what` describes it.

    `whose` colour it has is that of its lane, unless it is changed.
    """
    times = f"{clock(start)} to {clock(end)}, {seconds(end - start)}" if end > start else clock(start)
    return {
        "lane": lane, "whose": lane, "look": look, "start": milliseconds(start), "end": milliseconds(end), "what": what,
        "says": f"{lane}, {times}: {what}",
    }  # fmt: skip


def of_span(lane: str, look: str, span: Span, what: str) -> Row:
    return row(lane, look, span.start_s, span.end_s, what)


def _turns(analysis: Analysis) -> Iterable[Row]:
    for turn in analysis["turns"]:
        look = "aside" if turn["kind"] != "turn" else "share" if turn["share"] else "turn"
        what = "a share" if turn["share"] else TURNS[turn["kind"]]
        said = f" – “{turn['text']}”" if turn["text"] else ""
        yield row(called(turn["who"]), look, turn["start_s"], turn["end_s"], what + said)


def _halves(happened: Happened) -> Iterable[Row]:
    for span, who in happened.halves:
        yield of_span(CLOCK, "half", span, f"{called(who)} shared, the other listened") | {"whose": called(who)}


def _silences(happened: Happened) -> Iterable[Row]:
    for each in happened.held:
        after, who = called(each.transfer.after), called(each.transfer.who)
        yield of_span(SILENCE, "between", each.span, f"after {after}, until {who} spoke")


def _overlaps(happened: Happened) -> Iterable[Row]:
    for each in happened.overlaps:
        both = listed([each.first, each.second])
        what = f"{called(each.holder)} kept the floor" if each.holder else "the floor changed hands"
        yield of_span(OVERLAP, "between", each.span, f"{both}; {what}")


def _unheard(happened: Happened) -> Iterable[Row]:
    for gap in happened.unheard:
        yield of_span(UNHEARD, "between", gap.span, f"sound was lost: {gap.reason}")
    for span in happened.hushed:
        yield of_span(COACH, "hushed", span, "asked to be quiet")


def _cues(analysis: Analysis) -> Iterable[Row]:
    for cue in analysis["cues"]:
        what = f"{spoken(cue['kind'])}, " + (f"“{cue['text']}”" if cue["text"] else "a tone")
        fto = cue["because"].get("fto_s")
        began = f", began {seconds(abs(fto))} {'before' if fto < 0 else 'after'} the end" if fto is not None else ""
        look = "given" if cue["given"] and not cue["failed"] else "held back"
        became = look if cue["given"] else f"held back ({held_back(cue['held_back'] or '')})"
        if cue["failed"]:
            became = "given, but it could not be played"
        yield row(COACH, look, cue["at_s"], cue["at_s"], f"cue {became}: {what}{began}")


def _marks(happened: Happened) -> Iterable[Row]:
    for mark_ in happened.marks:
        at = as_seconds(mark_.at)
        yield row(MARKS, "mark", at, at, mark_.note or "a moment to remember")


def signs(analysis: Analysis, happened: Happened) -> PageTable | None:
    """What sounded, when the coach was quiet, and what was marked, in words; None if there was nothing of these."""
    given = [cue for cue in analysis["cues"] if cue["given"] and not cue["failed"]]
    told = [(cue["at_s"], _sounded(cue, happened)) for cue in given]
    told += [(span.start_s, f"you asked the coach to be quiet, for {seconds(span.end_s - span.start_s)}")
             for span in happened.hushed]  # fmt: skip
    told += [(as_seconds(each.at), f"marked{f': {each.note}' if each.note else ''}") for each in happened.marks]
    told.sort(key=lambda each: each[0])
    if not told:
        return None
    return PageTable(("When", "What"), tuple((clock(at), what) for at, what in told), tuple(at for at, _ in told))


def _sounded(cue: dict[str, Any], happened: Happened) -> str:
    to = f", for {called(cue['to'])}" if cue["to"] else ""
    if cue["kind"] == BOWL:
        first = bool(happened.halves) and cue["at_s"] == happened.halves[0][0].end_s
        return "a bowl: now the other shares" if first else "a bowl: both have had their time"
    return f"“{cue['text']}”{to}" if cue["text"] else f"a soft tone{to}: {spoken(cue['kind'])}"
