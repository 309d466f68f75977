"""The review of a conversation on one screen: counts and times, without scores or ranking.

Every figure is read from the statistics of a "coach.analysis/1" object, so that the screen and `--json` cannot
disagree; only moments and cues are counted here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from coach.core.events import KINDS, RESPONSES, UNKNOWN
from coach.core.invocation import as_called
from coach.core.settings import EARLIER_PAUSE
from coach.core.texts import Texts
from coach.review.analysis import Analysis, last_breath, longest_silence
from coach.review.figures import answered_name, told_name
from coach.review.histogram import rows
from coach.review.lanes import Lanes
from coach.review.sounded import no_tone
from coach.review.titles import UNSURE, bracket, busy_told, middle, told, unsure_mark
from coach.review.wording import (
    ENGLISH,
    called,
    clock,
    counted,
    cue_called,
    decimal,
    early,
    held_back,
    in_unit,
    lasting,
    listed,
    number_of,
    short,
    signed,
)

BAR = 28  # characters of the longest bar: with label and count it fits 80 columns
MOST_KINDS = 3  # kinds of experience that are listed per person
MOMENTS = 2  # moments that are listed with their time, before "and n more"

_NOTES = (
    "A share is a turn with 5 s of speech or more, not a question, request or logistics. The pause runs from its end "
    "to the next turn; below zero, both spoke; over the end: by more than 0.2 s. Answers to a question do not count. "
    "The breath is a practice, not a norm: quick answers often go with feeling connected."
)
_MEDIANS = ("answering_pause_median_s", "fto_median_s", "pause_median_s")
_BRACKETS = "In brackets: with so few, the range in which the true median lies 95 times in 100."


def summary(
    analysis: Analysis, *, when: str = "", marks: Sequence[float] = (), of_recording: bool = False
) -> RenderableType:
    """The whole review, at most 40 lines of 80 columns for two people.

    `when` is shown beside the name; `marks` are the moments that somebody asked to remember, in seconds. The cues
    `of_recording` are those that the coach would have given.
    """
    parts: list[RenderableType] = [_title(analysis, when), Text(headline(analysis), style="bold")]
    if uncounted := check_in_told(analysis):
        parts.append(Text(f"{uncounted.capitalize()}.", style="dim"))
    parts += [Text(each) for each in (*unsure_told(analysis), *busy_told(analysis))]
    parts.append(Text())
    if analysis["turns"]:
        parts += [*_course(analysis, marks), *_answering(analysis), _facts(analysis, of_recording=of_recording), Text()]
        if why := no_tone(analysis, ENGLISH, of_recording=of_recording):
            parts += [Text(why), Text()]
        notes = f"{_NOTES} {_BRACKETS}" if any(bracket(_figure(analysis, name)) for name in _MEDIANS) else _NOTES
        parts.append(Text(notes, style="dim"))
    elif analysis["cues"] or _figure(analysis, "unheard_s")["n"]:
        parts.append(_facts(analysis, of_recording=of_recording))
    return Group(*parts)


def summary_alone(
    analysis: Analysis, held: RenderableType, *, when: str = "", marks: Sequence[float] = ()
) -> RenderableType:
    """The review of a rehearsal. It has no answers and no floor, because only one person talks."""
    table = _two_columns([*_cues(analysis["cues"]), *_not_heard(analysis)])
    course = _course(analysis, marks) if analysis["turns"] else []
    busy = [Text(each) for each in busy_told(analysis)]
    return Group(_title(analysis, when), *busy, held, Text(), *course, table)


# ------------------------------------------------------------------------------------------------------- sentences


def _title(analysis: Analysis, when: str) -> Text:
    recording = analysis["recording"]
    words = [listed(analysis["people"]), recording["name"], lasting(recording["duration_s"]), when]
    return Text(" · ".join(word for word in words if word), style="dim")


def check_in_told(analysis: Analysis, says: Texts = ENGLISH) -> str:
    """Says of a live session that its check-in does not count; empty if there was none."""
    return says["told.check_in"] if analysis["recording"]["counted_from_s"] else ""


def headline(analysis: Analysis, says: Texts = ENGLISH) -> str:
    """One sentence that sums up the conversation."""
    if not analysis["turns"]:
        return as_called(says["headline.nobody"])
    waited = _figure(analysis, "after_breath")
    if waited["n"]:
        form = ("one_after" if waited["value"] else "one_sooner") if waited["n"] == 1 else "answers"
        growing = growing_told(analysis, says)
        return unsure_mark(waited) + says[f"headline.{form}_growing" if growing else f"headline.{form}"].format(
            answers=number_of(waited["n"], "answer", says),
            after=waited["value"],
            sooner=waited["n"] - waited["value"],
            breath=short(last_breath(analysis), says),
            growing=growing,
        )
    if waited.get("unsure"):
        return says["headline.unsure"].format(turns=number_of(len(_spoken(analysis)), "turn", says))
    turns = {who: _figure(analysis, f"turns.{who}")["value"] for who in heard(analysis)}
    if len(turns) == 1:
        ((who, number),) = turns.items()
        spoke = number_of(number, "turn", says, of=True)
        return says["headline.alone"].format(who=called(who, says), turns=spoke)
    number = sum(turns.values())
    form = "headline.no_answer_one" if number == 1 else "headline.no_answer"
    return says[form].format(turns=number_of(number, "turn", says))


def growing_told(analysis: Analysis, says: Texts = ENGLISH) -> str:
    """How the breath grew, and by what rule, in one sentence; empty if it was fixed."""
    if not analysis["settings"].get("pause_grows"):
        return ""
    steps = [decimal(f"{each['breath_s']:.1f}", says) for each in analysis["breaths"]]
    moved = len(steps) > 1
    earlier = analysis["settings"].get(EARLIER_PAUSE)
    if earlier is None:
        return says["growing.went" if moved else "growing.was"].format(first=steps[0], last=steps[-1])
    return says["growing.went_earlier" if moved else "growing.was_earlier"].format(
        first=steps[0], last=steps[-1], earlier=signed(earlier, says)
    )


def _spoken(analysis: Analysis) -> list[dict[str, Any]]:
    return [turn for turn in analysis["turns"] if turn["kind"] == "turn"]


def heard(analysis: Analysis) -> list[str]:
    """The people who spoke, in their order, and then the unknown voice, if anything was left to it."""
    spoke = {each["who"] for each in analysis["speech"]}
    return [who for who in [*analysis["people"], UNKNOWN] if who in spoke]


def unsure_told(analysis: Analysis, says: Texts = ENGLISH) -> list[str]:
    """A sentence on voices that could not be told apart, if that makes figures less certain."""
    if not _figure(analysis, "transfers").get("unsure"):
        return []
    part = in_unit(_figure(analysis, "unsure_share")["value"], "share", says)
    return [says["told.unsure"].format(part=part, mark=UNSURE)]


def _figure(analysis: Analysis, name: str) -> dict[str, Any]:
    figure: dict[str, Any] = analysis["statistics"][name]
    return figure


# ---------------------------------------------------------------------------------------------------- the timeline


def _course(analysis: Analysis, marks: Sequence[float]) -> list[RenderableType]:
    lanes = Lanes(analysis, marks)
    return [Text.assemble(("The talk", "bold"), "   ", lanes.legend()), lanes, Text()]


# --------------------------------------------------------------------------------------------------- the histogram


def _answering(analysis: Analysis) -> list[RenderableType]:
    """The histogram of pauses before answering a share, with a line at the target pause."""
    found = _figure(analysis, "answering_pauses_s")
    if not found["n"]:
        return []
    pauses, breath = found["value"], last_breath(analysis)
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
    median = _figure(analysis, "answering_pause_median_s")
    head.append(f"   {unsure_mark(median)}{counted(len(pauses), 'answer')}, {middle(median)}", style="dim")
    return [head, table, Text()]


# ------------------------------------------------------------------------------------------------------- the facts


def _facts(analysis: Analysis, *, of_recording: bool) -> Table:
    """All other figures, in one or two lines each."""
    shown = (_sooner, _silences, _transfers, _overlaps, _talk, _kinds, _responses) if analysis["turns"] else ()
    mark = unsure_mark(_figure(analysis, "transfers"))
    facts = [(label, mark + text) for rows_of in shown for label, text in rows_of(analysis)]
    return _two_columns([*facts, *_cues(analysis["cues"], of_recording=of_recording), *_not_heard(analysis)])


def _two_columns(lines: Iterable[tuple[str, str]]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(width=16, style="bold")
    table.add_column(overflow="fold")
    for label, text in lines:
        table.add_row(label, Text(text))  # as Text, because a name may look like Rich markup
    return table


def _sooner(analysis: Analysis) -> Iterable[tuple[str, str]]:
    """Answers before the target pause had passed; among them, those over the end of the share; with their times."""
    soon, over, uncounted = (_figure(analysis, name) for name in ("too_soon", "over", "sooner_uncounted"))
    if not soon["n"]:
        return
    early = [each for each in analysis["transfers"] if each["too_soon"]]
    yield "Sooner", _moments(f"{soon['value']} of {soon['n']}", early)
    yield "Over the end", _moments(f"{over['value']} of {over['n']}", [each for each in early if each["over"]])
    if uncounted["value"]:
        yield "Not counted", f"{uncounted['value']} of {uncounted['n']} sooner: an unknown voice, or short as “mm-hm”"


def _transfers(analysis: Analysis) -> Iterable[tuple[str, str]]:
    """All floor transfers: the median offset, and the number of those that began before the other's end."""
    every, median, below = (_figure(analysis, name) for name in ("transfers", "fto_median_s", "fto_below_zero"))
    if not every["n"]:
        return
    n = median["n"]
    measured = "" if n == every["n"] else f", {n} measured"
    times = counted(every["n"], "time") + measured
    if n:
        yield "Speaker changed", f"{times}, {middle(median)}; {round(below['value'] * n)} before the end"
    else:
        yield "Speaker changed", times


def _silences(analysis: Analysis) -> Iterable[tuple[str, str]]:
    """The longest silence that each listener left, and the silences inside turns."""
    held = []
    for who in analysis["people"]:
        longest = _figure(analysis, f"holding_s.{who}")
        if longest["n"]:
            left = longest_silence(each for each in analysis["transfers"] if each["to"] == who) or {}
            held.append(
                f"{called(who)} {in_unit(longest['value'], 's')} at {clock(left['silence_at_s'])} (of {longest['n']})"
            )
    if held:
        yield "Longest silence", " · ".join(held)
    inside = _figure(analysis, "pause_median_s")
    if inside["n"]:
        yield "Inside a turn", f"{counted(inside['n'], 'silence')}, {middle(inside)}"


def _overlaps(analysis: Analysis) -> Iterable[tuple[str, str]]:
    between, within = (_figure(analysis, f"overlap_{kind}_s") for kind in ("between", "within"))
    if not (between["n"] or within["n"]):
        yield "Both at once", "never"
        return
    yield (
        "Both at once",
        f"{between['n']} as the speaker changed ({in_unit(between['value'], 's')}), "
        f"{within['n']} without ({in_unit(within['value'], 's')})",
    )


def _talk(analysis: Analysis) -> Iterable[tuple[str, str]]:
    """Each person's amount of talk, in the order in which people were named."""
    label = "Talk"
    for who in dict.fromkeys([*analysis["people"], *heard(analysis)]):
        part, time, turns, longest, small = (
            _figure(analysis, f"{name}.{who}")
            for name in ("talk_share", "talk_s", "turns", "longest_turn_s", "backchannels")
        )
        yield (
            label,
            f"{called(who)} {in_unit(part['value'] or 0, 'share')}, {in_unit(time['value'], 's')}: "
            + counted(turns["value"], "turn")
            + (f", longest {in_unit(longest['value'], 's')}" if turns["value"] else "")
            + (f"; {small['value']} “mm-hm”" if small["value"] else ""),
        )
        label = ""


def _kinds(analysis: Analysis) -> Iterable[tuple[str, str]]:
    """The kinds of experience that each person shared, with the number of turns."""
    label = "Probably told"
    for who in heard(analysis):
        figures = {kind: _figure(analysis, f"{told_name(kind)}.{who}") for kind in KINDS}
        kinds = Counter({kind: figure["value"] for kind, figure in figures.items() if figure["value"]})
        if kinds:
            turns = figures[KINDS[0]]["n"]
            yield label, f"{called(who)}, in {counted(turns, 'turn')}: {_listing(kinds, MOST_KINDS)}"
            label = ""


def _responses(analysis: Analysis) -> Iterable[tuple[str, str]]:
    """The answers to a share by kind, without names; together they are all answers."""
    figures = {kind: _figure(analysis, answered_name(kind)) for kind in RESPONSES}
    found = Counter({kind: figure["value"] for kind, figure in figures.items() if figure["value"]})
    if found:
        unread = _figure(analysis, "answered_unread")
        rest = f" · no words {unread['value']}" if unread["value"] else ""
        yield "Kinds of answer", f"of {unread['n']}: {_listing(found)}{rest}"


def _cues(cues: Sequence[dict[str, Any]], *, of_recording: bool = False) -> Iterable[tuple[str, str]]:
    given = Counter(cue_called(each["kind"]) for each in cues if each["given"])
    failed = Counter(cue_called(each["kind"]) for each in cues if each["failed"])
    held = Counter(held_back(each["held_back"] or "") for each in cues if not each["given"])
    if cues:
        yield "Would have given" if of_recording else "Cues given", _grouped(given)
        if failed:
            yield "Of these silent", f"{_grouped(failed)} (they could not be played)"
        yield "Cues held back", _grouped(held)


def _not_heard(analysis: Analysis) -> Iterable[tuple[str, str]]:
    lost = _figure(analysis, "unheard_s")
    if lost["n"]:
        yield "Not heard", f"{told('unheard_s', lost)}; {unmeasured_told(analysis)}"


def unmeasured_told(analysis: Analysis) -> str:
    """How many changes of speaker lost sound leaves unmeasured."""
    unmeasured = _figure(analysis, "unmeasured_transfers")
    number, changes = unmeasured["value"], f"{counted(unmeasured['n'], 'change')} of speaker"
    if not number:
        return f"it touches none of {changes}"
    return f"{number} of {changes} {'is' if number == 1 else 'are'} not measured"


# -------------------------------------------------------------------------------------------------------- moments


def _moment(transfer: dict[str, Any]) -> str:
    return f"{called(transfer['to'])} {early(transfer['fto_s'])} at {clock(transfer['at_s'])}"


def _moments(number: str, transfers: Sequence[dict[str, Any]]) -> str:
    if not transfers:
        return number
    shown = [_moment(each) for each in transfers[:MOMENTS]]
    more = [f"{len(transfers) - MOMENTS} more"] if len(transfers) > MOMENTS else []
    return f"{number}: " + " · ".join([*shown, *more])


def _grouped(counts: Counter[str]) -> str:
    if not counts:
        return "none"
    return f"{counts.total()}: {_listing(counts)}"


def _listing(counts: Counter[str], most: int | None = None) -> str:
    told = [f"{what} {n}" for what, n in counts.most_common(most)]
    return " · ".join([*told, "…"] if len(told) < len(counts) else told)
