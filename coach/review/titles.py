"""The name of each figure for people, and its text with the number of observations: the same on every surface.

>>> soon, over = {"value": 4, "n": 9, "unit": "count"}, {"value": 0.045, "n": 22, "unit": "share"}
>>> told("too_soon", soon), told("over_share", over)
('4 of 9 answers', '5%, 1 of 22 answers')
>>> pause = {"value": 0.39, "n": 7, "unit": "s", "low": -0.65, "high": 4.57}
>>> told("answering_pause_median_s", pause), told("answering_pause_median_s", {"value": 0.39, "n": 1, "unit": "s"})
('0.39 s, median of 7 answers (−0.65 to 4.6 s)', '0.39 s, 1 answer')
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from coach.core.events import KINDS, RESPONSES
from coach.review.figures import UNSURE_FROM, answered_name, told_name
from coach.review.wording import called, counted, in_unit, ranged, signed

Form = Literal["count", "of", "part", "share", "median", "mean", "place", "longest", "sum", "rate", "list"]
FEW = 30  # observations; a median of fewer is shown with its interval
UNSURE = "~"  # stands before a figure that depends on who spoke, where that is unsure


@dataclass(frozen=True, slots=True)
class Title:
    """What people read: `text` names the figure, `noun` what it was observed in, and `form` is how it is told.

    count: a number of things · of: so many of n · part: a share of n · share: of a whole · rate: per minute · median,
    mean, place (a quantile), longest, sum: of n values · list: all values.
    """

    text: str
    noun: str
    form: Form


TITLES = {
    "shares": Title("Shares", "turn", "of"),
    "answering_pauses_s": Title("Pauses before answering a share", "answer", "list"),
    "answering_pause_median_s": Title("Pause before answering", "answer", "median"),
    "after_breath": Title("After the breath", "answer", "of"),
    "too_soon": Title("Too soon", "answer", "of"),
    "too_soon_share": Title("Answered too soon", "answer", "part"),
    "sooner_uncounted": Title("Sooner, but not counted", "answer", "of"),
    "over": Title("Over the end", "answer", "of"),
    "over_share": Title("Answered over the end", "answer", "part"),
    "pause_median_s": Title("Silence inside a turn", "silence", "median"),
    "pause_longest_s": Title("Longest silence inside a turn", "silence", "longest"),
    "lapses": Title("Silences over 5 s", "change", "of"),
    "overlap_between_s": Title("Both at once, as the speaker changed", "overlap", "sum"),
    "overlap_within_s": Title("Both at once, without a change", "overlap", "sum"),
    "transfers": Title("Changes of speaker", "change", "count"),
    "fto_median_s": Title("Change of speaker", "change", "median"),
    "fto_mean_s": Title("Change of speaker, mean", "change", "mean"),
    "fto_lowest_tenth_s": Title("Change of speaker, a tenth below", "change", "place"),
    "fto_lower_quartile_s": Title("Change of speaker, a quarter below", "change", "place"),
    "fto_upper_quartile_s": Title("Change of speaker, a quarter above", "change", "place"),
    "fto_highest_tenth_s": Title("Change of speaker, a tenth above", "change", "place"),
    "fto_below_zero": Title("Began before the other had finished", "change", "part"),
    "fto_0_to_200_ms": Title("Began within 0.2 s", "change", "part"),
    "fto_over_1_s": Title("Began after more than 1 s", "change", "part"),
    "fto_over_2_s": Title("Began after more than 2 s", "change", "part"),
    "under_breath": Title("Began sooner than the breath", "change", "part"),
    "talk_s": Title("Talk", "stretch", "sum"),
    "talk_share": Title("Share of the talk", "stretch", "share"),
    "turns": Title("Turns", "turn", "count"),
    "longest_turn_s": Title("Longest turn", "turn", "longest"),
    "own_pause_median_s": Title("Silence inside a turn", "silence", "median"),
    "answering_pause_s": Title("Pause before answering", "answer", "median"),
    "holding_s": Title("Longest silence", "silence", "longest"),
    "backchannels": Title("“Mm-hm”", "time", "count"),
    "backchannels_per_minute": Title("“Mm-hm” a minute", "time", "rate"),
    "incursions": Title("Spoke without getting the floor", "time", "count"),
    "words": Title("Words", "stretch", "sum"),
    "words_per_minute": Title("Words a minute", "stretch", "rate"),
    "inner_share": Title("Turns that told experience", "turn", "part"),
    "unheard_s": Title("Not heard", "gap", "sum"),
    "unmeasured_transfers": Title("Changes of speaker not measured", "change", "of"),
    "unsure_share": Title("Unsure who spoke", "stretch", "share"),
    **{told_name(kind): Title(f"Told {kind}", "turn", "of") for kind in KINDS},
    **{answered_name(each): Title(f"Answered by {each}", "answer", "of") for each in RESPONSES},
    "answered_unread": Title("Answers without words", "answer", "of"),
}  # fmt: skip


def title(name: str) -> str:
    """The name of a figure for people, with the person if it is of one.

    >>> title("holding_s.Ana"), title("turns.?"), title("lapses")
    ('Longest silence, Ana', 'Turns, an unknown voice', 'Silences over 5 s')
    """
    figure, _, who = name.partition(".")
    return TITLES[figure].text + (f", {called(who)}" if who else "")


def told(name: str, figure: dict[str, Any]) -> str:
    """The value of a figure as text, with the number of observations."""
    value, of = value_and_source(name, figure)
    return value + (("" if of.startswith(("of ", "in ")) else ",") + f" {of}" if of else "")


def value_and_source(name: str, figure: dict[str, Any]) -> tuple[str, str]:
    """The value of a figure as text, marked if it is unsure, and what it was observed in.

    One value has no median: it is told as it is. Of two, the median is told as what lies midway.

    >>> pause = {"value": 0.39, "n": 1, "unit": "s"}
    >>> value_and_source("answering_pause_median_s", pause), value_and_source("holding_s.Ana", pause | {"n": 4})
    (('0.39 s', '1 answer'), ('0.39 s', 'of 4 silences'))
    >>> value_and_source("answering_pause_median_s", pause | {"n": 2, "unsure": True})
    ('~0.39 s', 'midway between 2 answers')
    """
    title, n = TITLES[name.partition(".")[0]], figure["n"]
    if figure["value"] is None:
        return "none", ""
    if isinstance(figure["value"], list):
        return unsure_mark(figure) + ", ".join(map(signed, figure["value"])), counted(n, title.noun)
    return unsure_mark(figure) + _value(title, figure), _source(title, figure)


def value_and_count(name: str, figure: dict[str, Any]) -> tuple[str, str]:
    """A figure for a table: its value, and the number of observations.

    >>> pause = {"value": 1.4, "n": 14, "unit": "s"}
    >>> value_and_count("fto_median_s", pause), value_and_count("fto_median_s", pause | {"n": 1})
    (('1.4 s', 'n 14'), ('1.4 s', '1 change'))
    """
    form, n = TITLES[name.partition(".")[0]], figure["n"]
    if figure["value"] is None:
        return "–", ""
    value = unsure_mark(figure) + _value(form, figure)
    few = n == 1 and form.form in ("median", "mean", "place")
    return value, counted(n, form.noun) if few else f"n {n}"


def missing_told(analysis: dict[str, Any]) -> list[str]:
    """What makes the figures of a conversation less certain, in a few words each.

    >>> lost, unsure = {"value": 1.5, "n": 1, "unit": "s"}, {"value": 0.2, "n": 9, "unit": "share"}
    >>> missing_told({"statistics": {"unheard_s": lost, "unsure_share": unsure}})
    ['not heard: 1.5 s in 1 gap', '~ unsure who spoke in 20% of the speech']
    """
    lost, unsure = (analysis["statistics"][name] for name in ("unheard_s", "unsure_share"))
    found = [f"not heard: {told('unheard_s', lost)}"] if lost["n"] else []
    if (unsure["value"] or 0) > UNSURE_FROM:
        found.append(f"{UNSURE} unsure who spoke in {in_unit(unsure['value'], 'share')} of the speech")
    return found


def unsure_mark(figure: dict[str, Any]) -> str:
    """The mark of an unsure figure; empty for a sure one."""
    return UNSURE if figure.get("unsure") else ""


def middle(figure: dict[str, Any]) -> str:
    """A median without the number of observations, and with its interval if there are few.

    >>> middle({"value": 0.5, "n": 2, "unit": "s"})
    'midway 0.50 s'
    """
    value, n = in_unit(figure["value"], figure["unit"]), figure["n"]
    return {1: value, 2: f"midway {value}"}.get(n, f"median {value}{bracket(figure)}")


def bracket(figure: dict[str, Any]) -> str:
    """The interval of a median of few observations; empty if it has none."""
    if figure["n"] >= FEW or figure.get("low") is None:
        return ""
    return f" ({ranged(figure['low'], figure['high'], figure['unit'])})"


def _value(title: Title, figure: dict[str, Any]) -> str:
    """The value with its unit. A part of n is rounded once only: 1 of 22, which the analysis gives as 0.045, is 5%."""
    value, n = figure["value"], figure["n"]
    return in_unit(round(value * n) / n if title.form == "part" else value, figure["unit"])


def _source(title: Title, figure: dict[str, Any]) -> str:
    """What a figure with a value was observed in."""
    n, of = figure["n"], counted(figure["n"], title.noun)
    match title.form:
        case "count":
            return ""
        case "of":
            return f"of {of}"
        case "part":
            return f"{round(figure['value'] * n)} of {of}"
        case "sum":
            return f"in {of}"
        case "share":
            return f"n {n}"
        case "rate":
            return of
        case "median" if n > 2:
            return f"median of {of}{bracket(figure)}"
    if n == 1:
        return of
    return f"midway between {of}" if title.form == "median" else f"of {of}"
