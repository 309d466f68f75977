"""The review of a conversation on one screen: counts and times, without scores or ranking.

Everything shown is read from a "coach.analysis/1" object, so that the screen and `--json` cannot disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from coach.core.invocation import as_called
from coach.review.analysis import Analysis
from coach.review.histogram import rows
from coach.review.lanes import Lanes
from coach.review.wording import called, clock, counted, held_back, lasting, listed, seconds, signed, spoken

BAR = 28  # characters of the longest bar: with label and count it fits 80 columns
FEW = 30  # observations; a median of fewer is shown with its interval
KINDS = 4  # kinds of experience that are listed per person
MOMENTS = 2  # moments that are listed with their time, before "and n more"

_NOTES = (
    "A share is a turn with 5 s of speech or more, not a question, request or logistics. The pause runs from its end "
    "to the next turn; below zero, both spoke; over the end: by more than 0.2 s. Answers to a question do not count. "
    "The breath is a practice you chose, not a norm: quick answers often go with feeling connected."
)
_BRACKETS = "In brackets: with so few, the range in which the true median lies 95 times in 100."


def summary(analysis: Analysis, *, when: str = "", marks: Sequence[float] = ()) -> RenderableType:
    """The whole review, at most 40 lines of 80 columns for two people.

    `when` is shown beside the name; `marks` are the moments that somebody asked to remember, in seconds.
    """
    parts: list[RenderableType] = [_title(analysis, when), Text(headline(analysis), style="bold"), Text()]
    if analysis["turns"]:
        parts += [*_course(analysis, marks), *_answering(analysis), _facts(analysis), Text()]
        notes = f"{_NOTES} {_BRACKETS}" if any(map(_bracket, _middles(analysis))) else _NOTES
        parts.append(Text(notes, style="dim"))
    elif analysis["cues"] or _unheard(analysis):
        parts.append(_facts(analysis))
    return Group(*parts)


def summary_alone(
    analysis: Analysis, held: RenderableType, *, when: str = "", marks: Sequence[float] = ()
) -> RenderableType:
    """The review of a rehearsal. It has no answers and no floor, because only one person talks."""
    table = _two_columns([*_cues(analysis["cues"]), *_not_heard(analysis)])
    course = _course(analysis, marks) if analysis["turns"] else []
    return Group(_title(analysis, when), held, Text(), *course, table)


# ------------------------------------------------------------------------------------------------------- sentences


def _title(analysis: Analysis, when: str) -> Text:
    recording = analysis["recording"]
    words = [listed(analysis["people"]), recording["name"], lasting(recording["duration_s"]), when]
    return Text(" · ".join(word for word in words if word), style="dim")


def headline(analysis: Analysis) -> str:
    """One sentence that sums up the conversation."""
    if not analysis["turns"]:
        return as_called(
            "No turns were heard. If people did talk, `coach doctor` checks the microphone; "
            "if it was meant to be quiet, all is well."
        )
    pauses = _answering_pauses(analysis)
    breath = analysis["settings"]["pause"]
    if pauses:
        waited = sum(pause >= breath for pause in pauses)
        return f"Of {counted(len(pauses), 'answer')} to a share, {waited} came after a breath of {breath:g} s or more."
    if len({turn["who"] for turn in analysis["turns"]}) == 1:
        who, turns = analysis["turns"][0]["who"], len(analysis["turns"])
        return f"{called(who)} spoke in {counted(turns, 'turn')}; nobody else spoke, so there is no answer to show."
    return (
        f"{counted(len(analysis['turns']), 'turn')} were heard, but no answer to a share, so there is no pause to show."
    )


# ---------------------------------------------------------------------------------------------------- the timeline


def _course(analysis: Analysis, marks: Sequence[float]) -> list[RenderableType]:
    lanes = Lanes(analysis, marks)
    return [Text.assemble(("The talk", "bold"), "   ", lanes.legend()), lanes, Text()]


# --------------------------------------------------------------------------------------------------- the histogram


def _answering(analysis: Analysis) -> list[RenderableType]:
    """The histogram of pauses before answering a share, with a line at the target pause."""
    pauses = _answering_pauses(analysis)
    if not pauses:
        return []
    breath = analysis["settings"]["pause"]
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(width=22)
    table.add_column(width=BAR)
    table.add_column(justify="right", width=4)
    bins = rows(pauses, breath)
    most = max(count for _, count, _ in bins)
    for label, count, past_breath in bins:
        if past_breath is None:
            table.add_row(Text(label, style="dim"), Text("┄" * BAR, style="dim"))
        else:
            bar = "█" * max(1, round(count * BAR / most)) if count else ""
            table.add_row(label, Text(bar, style="cyan" if past_breath else ""), str(count))
    head = Text.assemble(("Pauses before answering a share", "bold"))
    middle = analysis["statistics"]["answering_pause_median_s"]
    head.append(f"   n {len(pauses)}, {_median(middle)}", style="dim")
    return [head, table, Text()]


def _answering_pauses(analysis: Analysis) -> list[float]:
    """The answering pauses in seconds, in order, without answers to a question."""
    return analysis["statistics"].get("answering_pauses_s", {}).get("value") or []


# ------------------------------------------------------------------------------------------------------- the facts


def _facts(analysis: Analysis) -> Table:
    """All other figures, in one or two lines each."""
    told = (_sooner, _silences, _transfers, _overlaps, _talk, _kinds, _responses) if analysis["turns"] else ()
    facts = [row for rows_of in told for row in rows_of(analysis)]
    return _two_columns([*facts, *_cues(analysis["cues"]), *_not_heard(analysis)])


def _two_columns(lines: Iterable[tuple[str, str]]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(width=18, style="bold")
    table.add_column(overflow="fold")
    for label, text in lines:
        table.add_row(label, Text(text))  # as Text, because a name may look like Rich markup
    return table


def _sooner(analysis: Analysis) -> Iterable[tuple[str, str]]:
    """Answers before the target pause had passed, and answers over the end of the share, with their times."""
    if not _answering_pauses(analysis):
        return
    over = [each for each in analysis["transfers"] if each["over"]]
    soon = [each for each in analysis["transfers"] if each["too_soon"] and not each["over"]]
    yield "Too soon", _moments(soon)
    yield "Over the end", _moments(over)


def _transfers(analysis: Analysis) -> Iterable[tuple[str, str]]:
    """All floor transfers: the median offset, and the number of overlaps."""
    middle, below = (analysis["statistics"].get(name) for name in ("fto_median_s", "fto_below_zero"))
    if middle and below and middle["n"]:
        yield "Speaker changed", f"{counted(middle['n'], 'time')}, {_median(middle)}; {below['value']:.0%} both at once"


def _silences(analysis: Analysis) -> Iterable[tuple[str, str]]:
    """The longest silence that each listener left, and the number of silences inside turns."""
    held = []
    for who in analysis["people"]:
        longest = analysis["statistics"].get(f"holding_s.{who}", {}).get("value")
        if longest:
            moments = (clock(e["at_s"]) for e in analysis["transfers"] if (e["to"], e["fto_s"]) == (who, longest))
            at = next(moments, None)  # none if a third turn was within the silence
            held.append(f"{called(who)} {seconds(longest)}" + (f" at {at}" if at else ""))
    if held:
        yield "Longest silence", " · ".join(held)
    inside = analysis["statistics"].get("pause_median_s")
    if inside and inside["n"]:
        yield "Inside a turn", f"{counted(inside['n'], 'silence')}, {_median(inside)}"


def _overlaps(analysis: Analysis) -> Iterable[tuple[str, str]]:
    between, within = (analysis["statistics"].get(f"overlap_{kind}_s") for kind in ("between", "within"))
    if between and within and not (between["n"] or within["n"]):
        yield "Both at once", "never"
    elif between and within:
        yield (
            "Both at once",
            f"{between['n']} as the speaker changed ({seconds(between['value'] or 0)}), "
            f"{within['n']} without ({seconds(within['value'] or 0)})",
        )


def _talk(analysis: Analysis) -> Iterable[tuple[str, str]]:
    """Each person's amount of talk, in the order in which people were named."""
    talked: Counter[str] = Counter()
    for each in analysis["speech"]:
        talked[each["who"]] += each["end_s"] - each["start_s"]
    everything = sum(talked.values())
    label = "Talk"
    for who in [*analysis["people"], *sorted(set(talked) - set(analysis["people"]))]:
        turns = [each for each in analysis["turns"] if each["who"] == who and each["kind"] == "turn"]
        small = [each for each in analysis["turns"] if each["who"] == who and each["kind"] == "backchannel"]
        part = f"{talked[who] / everything:.0%}" if everything else "0%"
        longest = max((each["end_s"] - each["start_s"] for each in turns), default=0.0)
        yield (
            label,
            f"{called(who)} {part}, {lasting(talked[who])}: {counted(len(turns), 'turn')}"
            + (f", longest {clock(longest)}" if turns else "")
            + (f"; {len(small)} × “mm-hm”" if small else ""),
        )
        label = ""


def _kinds(analysis: Analysis) -> Iterable[tuple[str, str]]:
    """The kinds of experience that each person shared, with the number of turns."""
    label = "Probably told"
    for who in analysis["people"]:
        kinds = Counter(kind for turn in analysis["turns"] if turn["who"] == who for kind in turn["kinds"])
        if kinds:
            yield label, f"{called(who)}: {_listing(kinds, KINDS)}"
            label = ""


def _responses(analysis: Analysis) -> Iterable[tuple[str, str]]:
    """The kinds of answer to a share, in turns, without names."""
    found = Counter(turn["response"] for turn in analysis["turns"] if turn["response"])
    if found:
        yield "Answers to shares", _listing(found)


def _cues(cues: Sequence[dict[str, Any]]) -> Iterable[tuple[str, str]]:
    given = Counter(spoken(each["kind"]) for each in cues if each["given"])
    held = Counter(held_back(each["held_back"] or "") for each in cues if not each["given"])
    if cues:
        yield "Cues given", _grouped(given)
        yield "Cues held back", _grouped(held)


def _not_heard(analysis: Analysis) -> Iterable[tuple[str, str]]:
    lost = _unheard(analysis)
    if lost:
        unmeasured = analysis["statistics"].get("unmeasured_transfers", {}).get("value") or 0
        silences = counted(unmeasured, "silence") if unmeasured else "no silence between turns"
        touched = "touch one and are not measured" if unmeasured != 1 else "touches one and is not measured"
        if not unmeasured:
            touched = "touches one"
        yield "Not heard", f"{seconds(lost['value'])} in {counted(lost['n'], 'gap')}; {silences} {touched}"


def _unheard(analysis: Analysis) -> dict[str, Any] | None:
    lost = analysis["statistics"].get("unheard_s")
    return lost if lost and lost["n"] else None


def _middles(analysis: Analysis) -> list[dict[str, Any]]:
    """The figures that are medians."""
    names = ("answering_pause_median_s", "fto_median_s", "pause_median_s")
    return [figure for name in names if (figure := analysis["statistics"].get(name))]


def _median(figure: dict[str, Any]) -> str:
    return f"median {signed(figure['value'])}{_bracket(figure)}"


def _bracket(figure: dict[str, Any]) -> str:
    """The interval of a median of few observations; empty if it has none."""
    if figure["n"] >= FEW or figure.get("low") is None:
        return ""
    return f" ({signed(figure['low'])} to {signed(figure['high'])})"


# -------------------------------------------------------------------------------------------------------- moments


def _moment(transfer: dict[str, Any]) -> str:
    return f"{called(transfer['to'])} {signed(transfer['fto_s'])} at {clock(transfer['at_s'])}"


def _moments(transfers: Sequence[dict[str, Any]]) -> str:
    if not transfers:
        return "none"
    shown = [_moment(each) for each in transfers[:MOMENTS]]
    more = [f"and {len(transfers) - MOMENTS} more"] if len(transfers) > MOMENTS else []
    return f"{len(transfers)}: " + " · ".join([*shown, *more])


def _grouped(counts: Counter[str]) -> str:
    if not counts:
        return "none"
    return f"{counts.total()}: {_listing(counts)}"


def _listing(counts: Counter[str], most: int | None = None) -> str:
    told = [f"{what} {n}" for what, n in counts.most_common(most)]
    return " · ".join([*told, "…"] if len(told) < len(counts) else told)
