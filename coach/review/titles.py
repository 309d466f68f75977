"""The name of each figure for people, and its text with the number of observations: the same on every surface.

The names are among the texts of each language; without `says`, everything is in English, as in the terminal.

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
from coach.core.texts import Texts
from coach.review.figures import UNSURE_FROM, answered_name, definition, told_name
from coach.review.wording import ENGLISH, called, in_unit, lasting, number_of, ranged, signed

Form = Literal["count", "of", "part", "share", "median", "mean", "place", "longest", "sum", "rate", "list"]
FEW = 30  # observations; a median of fewer is shown with its interval
UNSURE = "~"  # stands before a figure that depends on who spoke, where that is unsure


@dataclass(frozen=True, slots=True)
class Observed:
    """`noun` is what a figure was observed in, and `form` how it is told.

    count: a number of things · of: so many of n · part: a share of n · share: of a whole · rate: per minute · median,
    mean, place (a quantile), longest, sum: of n values · list: all values.
    """

    noun: str
    form: Form


OBSERVED = {
    "shares": Observed("turn", "of"),
    "answering_pauses_s": Observed("answer", "list"),
    "answering_pause_median_s": Observed("answer", "median"),
    "after_breath": Observed("answer", "of"),
    "too_soon": Observed("answer", "of"),
    "too_soon_share": Observed("answer", "part"),
    "sooner_uncounted": Observed("answer", "of"),
    "over": Observed("answer", "of"),
    "over_share": Observed("answer", "part"),
    "pause_median_s": Observed("silence", "median"),
    "pause_longest_s": Observed("silence", "longest"),
    "lapses": Observed("change", "of"),
    "overlap_between_s": Observed("overlap", "sum"),
    "overlap_within_s": Observed("overlap", "sum"),
    "transfers": Observed("change", "count"),
    "fto_median_s": Observed("change", "median"),
    "fto_mean_s": Observed("change", "mean"),
    "fto_lowest_tenth_s": Observed("change", "place"),
    "fto_lower_quartile_s": Observed("change", "place"),
    "fto_upper_quartile_s": Observed("change", "place"),
    "fto_highest_tenth_s": Observed("change", "place"),
    "fto_below_zero": Observed("change", "part"),
    "fto_0_to_200_ms": Observed("change", "part"),
    "fto_over_1_s": Observed("change", "part"),
    "fto_over_2_s": Observed("change", "part"),
    "under_breath": Observed("change", "part"),
    "talk_s": Observed("stretch", "sum"),
    "talk_share": Observed("stretch", "share"),
    "turns": Observed("turn", "count"),
    "longest_turn_s": Observed("turn", "longest"),
    "own_pause_median_s": Observed("silence", "median"),
    "answering_pause_s": Observed("answer", "median"),
    "holding_s": Observed("silence", "longest"),
    "backchannels": Observed("time", "count"),
    "backchannels_per_minute": Observed("time", "rate"),
    "incursions": Observed("time", "count"),
    "words": Observed("stretch", "sum"),
    "words_per_minute": Observed("stretch", "rate"),
    "inner_share": Observed("turn", "part"),
    "unheard_s": Observed("gap", "sum"),
    "heard_less_s": Observed("stretch", "sum"),
    "words_late_s": Observed("stretch", "sum"),
    "unmeasured_transfers": Observed("change", "of"),
    "unsure_share": Observed("stretch", "share"),
    **{told_name(kind): Observed("turn", "of") for kind in KINDS},
    **{answered_name(each): Observed("answer", "of") for each in RESPONSES},
    "answered_unread": Observed("answer", "of"),
}  # fmt: skip


def title(name: str, says: Texts = ENGLISH) -> str:
    """The name of a figure for people, with the person if it is of one.

    >>> from coach.core.texts import texts
    >>> title("holding_s.Ana"), title("turns.?"), title("lapses"), title("holding_s.Ana", texts("de"))
    ('Longest silence, Ana', 'Turns, an unknown voice', 'Silences over 5 s', 'Längste Stille, Ana')
    """
    figure, _, who = name.partition(".")
    return says[f"title.{figure}"] + (f", {called(who, says)}" if who else "")


def defined(name: str, says: Texts = ENGLISH) -> str:
    """The definition of a figure; in English, the docstring of its measure.

    >>> from coach.core.texts import texts
    >>> defined("talk_s.Ana"), defined("talk_s.Ana", texts("de"))
    ('How long this person spoke in total, without silences.', 'Wie lange diese Person insgesamt sprach, ohne Pausen.')
    """
    return says.get(f"definition.{name.partition('.')[0]}") or definition(name)


def told(name: str, figure: dict[str, Any]) -> str:
    """The value of a figure as text, with the number of observations."""
    value, of = value_and_source(name, figure)
    return value + (("" if of.startswith(("of ", "in ")) else ",") + f" {of}" if of else "")


def value_and_source(name: str, figure: dict[str, Any], says: Texts = ENGLISH) -> tuple[str, str]:
    """The value of a figure as text, marked if it is unsure, and what it was observed in.

    One value has no median: it is told as it is. Of two, the median is told as what lies midway.

    >>> pause = {"value": 0.39, "n": 1, "unit": "s"}
    >>> value_and_source("answering_pause_median_s", pause), value_and_source("holding_s.Ana", pause | {"n": 4})
    (('0.39 s', '1 answer'), ('0.39 s', 'of 4 silences'))
    >>> value_and_source("answering_pause_median_s", pause | {"n": 2, "unsure": True})
    ('~0.39 s', 'halfway between 2 answers')
    """
    observed, n = OBSERVED[name.partition(".")[0]], figure["n"]
    if figure["value"] is None:
        return says["figure.none"], ""
    if isinstance(figure["value"], list):
        values = "; " if says["decimal"] == "," else ", "
        listed = values.join(signed(each, says) for each in figure["value"])
        return unsure_mark(figure) + listed, number_of(n, observed.noun, says)
    return unsure_mark(figure) + _value(observed, figure, says), _source(observed, figure, says)


def value_and_count(name: str, figure: dict[str, Any], says: Texts = ENGLISH) -> tuple[str, str]:
    """A figure for a table: its value, and the number of observations.

    >>> pause = {"value": 1.4, "n": 14, "unit": "s"}
    >>> value_and_count("fto_median_s", pause), value_and_count("fto_median_s", pause | {"n": 1})
    (('1.4 s', 'n 14'), ('1.4 s', '1 change'))
    """
    observed, n = OBSERVED[name.partition(".")[0]], figure["n"]
    if figure["value"] is None:
        return "–", ""
    value = unsure_mark(figure) + _value(observed, figure, says)
    few = n == 1 and observed.form in ("median", "mean", "place")
    return value, number_of(n, observed.noun, says) if few else f"n {n}"


def missing_told(analysis: dict[str, Any]) -> list[str]:
    """What makes the figures of a conversation less certain, in a few words each.

    >>> lost, unsure = {"value": 1.5, "n": 1, "unit": "s"}, {"value": 0.2, "n": 9, "unit": "share"}
    >>> never = {"value": 0.0, "n": 0, "unit": "s"}
    >>> missing_told({"statistics": {"unheard_s": lost, "heard_less_s": never, "unsure_share": unsure}})
    ['not heard: 1.5 s in 1 gap', '~ unsure who spoke in 20% of the speech']
    """
    lost, less, unsure = (analysis["statistics"][name] for name in ("unheard_s", "heard_less_s", "unsure_share"))
    found = [f"not heard: {told('unheard_s', lost)}"] if lost["n"] else []
    if less["n"]:
        found.append(f"heard less closely: {told('heard_less_s', less)}")
    if (unsure["value"] or 0) > UNSURE_FROM:
        found.append(f"{UNSURE} unsure who spoke in {in_unit(unsure['value'], 'share')} of the speech")
    return found


def busy_told(analysis: dict[str, Any], says: Texts = ENGLISH) -> list[str]:
    """A sentence on how long the machine was too busy to hear everything, if it was."""
    less, late = (analysis["statistics"][name] for name in ("heard_less_s", "words_late_s"))
    if not less["n"] or round(less["value"]) == 0:
        return []
    told = says["told.heard_less"].format(time=lasting(less["value"]))
    return [told + (says["told.words_late"].format(time=lasting(late["value"])) if late["n"] else "")]


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


def bracket(figure: dict[str, Any], says: Texts = ENGLISH) -> str:
    """The interval of a median of few observations; empty if it has none."""
    if figure["n"] >= FEW or figure.get("low") is None:
        return ""
    return f" ({ranged(figure['low'], figure['high'], figure['unit'], says)})"


def _value(observed: Observed, figure: dict[str, Any], says: Texts) -> str:
    """The value with its unit. A part of n is rounded once only: 1 of 22, which the analysis gives as 0.045, is 5%."""
    value, n = figure["value"], figure["n"]
    return in_unit(round(value * n) / n if observed.form == "part" else value, figure["unit"], says)


def _source(observed: Observed, figure: dict[str, Any], says: Texts) -> str:
    """What a figure with a value was observed in."""
    n = figure["n"]
    of = number_of(n, observed.noun, says, of=True)
    match observed.form:
        case "count":
            return ""
        case "of":
            return says["source.of"].format(of=of)
        case "part":
            return says["source.part"].format(hits=round(figure["value"] * n), of=of)
        case "sum" | "share":
            return says["source.sum"].format(of=of)
        case "rate":
            return number_of(n, observed.noun, says)
        case "median" if n > 2:
            return says["source.median"].format(of=of, between=bracket(figure, says))
    if n == 1:
        return of
    return says["source.midway" if observed.form == "median" else "source.of"].format(of=of)
