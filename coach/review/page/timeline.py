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
from coach.core.texts import Texts
from coach.review.analysis import Analysis, begins
from coach.review.page.document import Figure, PageTable
from coach.review.page.drawing import UNTIL, Spec, along_time, by_name, ink, mark, milliseconds, person_inks
from coach.review.page.happened import Happened
from coach.review.sounded import sounded
from coach.review.wording import (
    called,
    clock,
    cue_called,
    each_called,
    early,
    held_back,
    listed,
    lost_because,
    number_of,
    quoted,
    seconds,
)

Row = dict[str, Any]

CLOCK, SILENCE, OVERLAP, UNHEARD, COACH, MARKS = "clock", "silence", "overlap", "unheard", "coach", "marks"
LANES = {  # with their colours
    CLOCK: "past", SILENCE: "quiet", OVERLAP: "over", UNHEARD: "soft", COACH: "text", MARKS: "mark",
}  # fmt: skip
KEY = {  # by what it explains, a look of the chart or a lane: the colour
    "turn": "", "aside": "", CLOCK: "", "given": "", "would give": "", "held back": "", "hushed": "", "mark": "",
}  # fmt: skip


def timeline(analysis: Analysis, happened: Happened, says: Texts, *, of_recording: bool = False) -> Figure:
    """The timeline with one lane per person and one per kind of event; it can be moved and zoomed.

    It leaves out the beginning, of which nothing is counted. The cues `of_recording` are those that the coach would
    have given.
    """
    people = voices(analysis)
    told = (
        _turns(analysis, says),
        _halves(happened, says),
        _silences(happened, says),
        _overlaps(happened, says),
        _unheard(happened, says),
        _cues(analysis, says, of_recording=of_recording),
    )
    rows = sorted((row for each in (*told, _marks(happened, says)) for row in each), key=lambda row: row["start"])
    others = [lane for lane in LANES if says[f"lane.{lane}"] in {row["lane"] for row in rows}]
    names = [*each_called(people, says), *(says[f"lane.{lane}"] for lane in others)]
    label = says["when.label"].format(
        people=listed(people, says),
        turns=_turn_count(analysis, says),
        time=clock(analysis["recording"]["duration_s"] - begins(analysis)),
    )
    colour = by_name("whose", names, [*person_inks(people), *(ink(LANES[lane]) for lane in others)])
    looks = {
        "turn": _bars("turn", colour, height=0.74, opacity=0.25, outline=1.4),
        "share": _bars("share", colour, height=0.74),
        "aside": _bars("aside", colour, height=0.28),
        "hushed": _bars("hushed", colour, height=0.28),
        "half": _bars("half", colour, height=0.5),
        "between": _bars("between", colour, height=0.34),
        "given": _points("given", colour, filled=True),
        "would give": _points("would give", colour, filled=True),
        "held back": _points("held back", colour, strokeWidth=1.6),
        "mark": _points("mark", colour, shape="diamond", filled=True),
    }
    seen = {row["look"] for row in rows}
    spec = along_time(
        rows,
        *(layer for look, layer in looks.items() if look in seen),
        label=label,
        names=names,
        begins_s=begins(analysis),
        ends_s=analysis["recording"]["duration_s"],
    )
    table = PageTable(
        (says["head.from"], says["head.to"], says["head.where"], says["head.what"]),
        tuple((clock(row["start"] / 1000), clock(row["end"] / 1000), row["lane"], row["what"]) for row in rows),
    )
    return Figure(
        id="timeline",
        title=says["when.timeline"],
        label=label,
        about=says["when.about"],
        spec=spec,
        table=table,
        zooms=True,
        key=tuple(
            (colour, says[f"key.{of.replace(' ', '_')}"]) for of, colour in KEY.items() if of in seen | set(others)
        ),
    )


def voices(analysis: Analysis) -> list[str]:
    """The people in their order, and then the unknown voice, if anything was left to it."""
    return list(dict.fromkeys([*analysis["people"], *(turn["who"] for turn in analysis["turns"])]))


def _turn_count(analysis: Analysis, says: Texts) -> str:
    return number_of(sum(turn["kind"] == "turn" for turn in analysis["turns"]), "turn", says)


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


def row(lane: str, look: str, start: float, end: float, what: str, says: Texts) -> Row:
    """A row from `start` to `end` (seconds). `look` selects the layer that draws it, `what` describes it.

    `whose` colour it has is that of its lane, unless it is changed.
    """
    times = clock(start)
    if end > start:
        times = says["row.times"].format(start=times, end=clock(end), lasted=seconds(end - start, says))
    return {
        "lane": lane, "whose": lane, "look": look, "start": milliseconds(start), "end": milliseconds(end), "what": what,
        "says": f"{lane}, {times}: {what}",
    }  # fmt: skip


def of_span(lane: str, look: str, span: Span, what: str, says: Texts) -> Row:
    """`row` for a span of samples."""
    return row(lane, look, span.start_s, span.end_s, what, says)


def _turns(analysis: Analysis, says: Texts) -> Iterable[Row]:
    for turn in analysis["turns"]:
        look = "aside" if turn["kind"] != "turn" else "share" if turn["share"] else "turn"
        what = says["row.share" if turn["share"] else f"row.{turn['kind']}"]
        said = f" – {quoted(turn['text'], says)}" if turn["text"] else ""
        yield row(called(turn["who"], says), look, turn["start_s"], turn["end_s"], what + said, says)


def _halves(happened: Happened, says: Texts) -> Iterable[Row]:
    for span, who in happened.halves:
        what = says["row.half"].format(who=called(who, says))
        yield of_span(says[f"lane.{CLOCK}"], "half", span, what, says) | {"whose": called(who, says)}


def _silences(happened: Happened, says: Texts) -> Iterable[Row]:
    for each in happened.held:
        what = says["row.silence"].format(after=called(each.transfer.after, says), who=called(each.transfer.who, says))
        yield of_span(says[f"lane.{SILENCE}"], "between", each.span, what, says)


def _overlaps(happened: Happened, says: Texts) -> Iterable[Row]:
    for each in happened.overlaps:
        form = "row.kept_floor" if each.holder else "row.floor_changed"
        what = says[form].format(both=listed([each.first, each.second], says), who=called(each.holder or "", says))
        yield of_span(says[f"lane.{OVERLAP}"], "between", each.span, what, says)


def _unheard(happened: Happened, says: Texts) -> Iterable[Row]:
    for gap in happened.unheard:
        what = says["row.unheard"].format(reason=lost_because(gap.reason, says))
        yield of_span(says[f"lane.{UNHEARD}"], "between", gap.span, what, says)
    for span in happened.hushed:
        yield of_span(says[f"lane.{COACH}"], "hushed", span, says["row.hushed"], says)


def _cues(analysis: Analysis, says: Texts, *, of_recording: bool) -> Iterable[Row]:
    given = "would give" if of_recording else "given"
    for cue in analysis["cues"]:
        sound = quoted(cue["text"], says) if cue["text"] else says["row.tone"]
        what = f"{cue_called(cue['kind'], says)}, {sound}"
        fto = cue["because"].get("fto_s")
        if fto is not None:
            form = "row.began_before" if fto < 0 else "row.began_after"
            what = says[form].format(what=what, s=early(abs(fto), says))
        look = given if cue["given"] and not cue["failed"] else "held back"
        became = "failed" if cue["failed"] else look.replace(" ", "_")
        told = says[f"row.cue_{became}"].format(what=what, why=held_back(cue["held_back"] or "", says))
        yield row(says[f"lane.{COACH}"], look, cue["at_s"], cue["at_s"], told, says)


def _marks(happened: Happened, says: Texts) -> Iterable[Row]:
    for mark_ in happened.marks:
        at = as_seconds(mark_.at)
        yield row(says[f"lane.{MARKS}"], "mark", at, at, mark_.note or says["row.mark"], says)


def signs(analysis: Analysis, happened: Happened, says: Texts) -> PageTable | None:
    """What sounded, when the coach was quiet, and what was marked, in words; None if there was nothing of these."""
    told = list(sounded(analysis["cues"], says))
    told += [
        (span.start_s, says["signs.quiet"].format(s=seconds(span.end_s - span.start_s, says)))
        for span in happened.hushed
    ]
    told += [
        (as_seconds(each.at), says["signs.marked_note" if each.note else "signs.marked"].format(note=each.note))
        for each in happened.marks
    ]
    told.sort(key=lambda each: each[0])
    if not told:
        return None
    head = (says["head.when"], says["head.what"])
    return PageTable(head, tuple((clock(at), what) for at, what in told), tuple(at for at, _ in told))
