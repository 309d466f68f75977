"""Trends: the figures of the same people's sessions over time.

Each session is one dot with its interval. People are compared only with themselves, and no trend line is fitted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from coach.core.errors import BadInput
from coach.core.names import plain_name
from coach.core.resources import SAMPLE_FILE
from coach.core.texts import Texts
from coach.review.figure_cache import OF_BOTH, OF_EACH
from coach.review.plot import Plot
from coach.review.titles import title, value_and_count
from coach.review.wording import ENGLISH, date, listed, ranged, short
from coach.sessions import Figures, StoredSession

LEAST = 3  # sessions: two are a comparison, not a trend
TWO_COLUMNS = 76  # columns of the terminal from which two plots fit side by side

Figure = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One figure over all sessions. `figures` are as in "coach.analysis/1", or None for a session without it."""

    name: str
    unit: str
    figures: tuple[Figure | None, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """The trends of `people`. `numbers`, `began` and `breaths` (seconds) have one entry per session, in order."""

    people: tuple[str, ...]
    numbers: tuple[int, ...]
    began: tuple[datetime, ...]
    breaths: tuple[float, ...]
    lines: tuple[Line, ...]

    def breath_of(self, line: Line) -> float | None:
        """The target pause to draw into the plot of a line: only for pauses, and only if it was always the same."""
        same = len(set(self.breaths)) == 1
        return self.breaths[-1] if same and line.name == "answering_pause_median_s" else None


def of_sample(session: StoredSession) -> bool:
    """Whether the session is of the sample conversation, whose people are made up."""
    return session.source == SAMPLE_FILE


def of_same_people(sessions: Sequence[StoredSession], people: Sequence[str] = ()) -> list[StoredSession]:
    """The sessions of exactly `people`, in any order of names; without `people`, those of the latest session's people.

    Those of the sample do not count beside real ones: its people may have the same names. The result is sorted by
    start, because a restored session may have a later number. Raises BadInput if there are no such sessions.
    """
    if not sessions:
        raise BadInput("no session is stored yet; `coach listen` starts one")
    real = [session for session in sessions if not of_sample(session)]
    in_time = sorted(real or sessions, key=lambda session: session.started)
    wanted = frozenset(map(plain_name, people or in_time[-1].people))
    found = [session for session in in_time if frozenset(map(plain_name, session.people)) == wanted]
    if not found:
        groups = Counter(frozenset(session.people) for session in in_time)
        named = "; ".join(f"{listed(sorted(group))} ({count})" for group, count in groups.most_common(5))
        raise BadInput(f"no session of {listed(people)} is stored; there are sessions of {named}")
    return found


def trends(sessions: Sequence[StoredSession], figures: Mapping[int, Figures]) -> Trends:
    """The trends over `sessions`, which are of the same people and in order.

    Sessions without a measurement are skipped. Raises BadInput if fewer than LEAST are left.
    """
    measured = [each for each in sessions if any(f["n"] for f in figures[each.id]["figures"].values())]
    who = sessions[-1].people
    if len(measured) < LEAST:
        raise BadInput(
            f"trends need {LEAST} sessions in which {listed(who)} talked; "
            f"so far there {'is' if len(measured) == 1 else 'are'} {len(measured) or 'none'}"
        )
    rows = [figures[each.id] for each in measured]
    return Trends(
        people=who,
        numbers=tuple(each.id for each in measured),
        began=tuple(each.started for each in measured),
        breaths=tuple(row["breath_s"] for row in rows),
        lines=tuple(Line(name, unit, tuple(row["figures"].get(name) for row in rows)) for name, unit in _lines(who)),
    )


def _lines(who: Sequence[str]) -> list[tuple[str, str]]:
    """The name and unit of every line."""
    units = {"answering_pause_median_s": "s", "too_soon_share": "share", "inner_share": "share", "holding_s": "s"}
    return [(name, units[name]) for name in OF_BOTH] + [
        (f"{name}.{each}", units[name]) for name in OF_EACH for each in who
    ]


# ------------------------------------------------------------------------------------------------------ the sentence


def headline(course: Trends, says: Texts = ENGLISH) -> str:
    """One sentence: the latest median pause, and the range of the earlier ones."""
    *before, latest = course.lines[0].figures
    earlier = [figure["value"] for figure in before if figure and figure["value"] is not None]
    if latest is None or latest["value"] is None:
        return says["trends.latest_none"]
    told = says["trends.latest_median" if latest["n"] > 2 else "trends.latest_pause"].format(
        figure=told_figure(course.lines[0].name, latest, says)
    )
    if not earlier:
        return says["trends.none_before"].format(latest=told)
    between = ranged(min(earlier), max(earlier), "s", says)
    return says["trends.before"].format(latest=told, n=len(earlier), range=between)


def told_figure(name: str, figure: Figure | None, says: Texts = ENGLISH) -> str:
    """A figure with its interval and its count.

    >>> told_figure("fto_median_s", {"value": 1.4, "n": 14, "unit": "s", "low": 0.9, "high": 2.0})
    '1.4 s (0.90 to 2.0 s, n 14)'
    >>> told_figure("fto_median_s", {"value": 1.4, "n": 1, "unit": "s"})
    '1.4 s (1 change)'
    """
    if figure is None or figure["value"] is None:
        return "–"
    value, count = value_and_count(name, figure, says)
    between = "" if figure.get("low") is None else f"{ranged(figure['low'], figure['high'], figure['unit'], says)}, "
    return f"{value} ({between}{count})"


def breaths_told(course: Trends, says: Texts = ENGLISH) -> str:
    """A note on the target pause: if it changed, answers sooner than it are not comparable between sessions."""
    now = short(course.breaths[-1], says)
    if len(set(course.breaths)) == 1:
        return says["trends.breath_same"].format(breath=now)
    low, high = (short(end(course.breaths), says) for end in (min, max))
    return says["trends.breath_changed"].format(low=low, high=high, breath=now)


# ------------------------------------------------------------------------------------------------------ the terminal

_NOTE = (
    "A dot is one session; the line through it is the range in which the true value lies 95 times in 100. A dot "
    "without a line comes from too few observations, or is simply the longest of that session. A longer session has a "
    "longer one by chance alone. ~ before a figure: it was unsure who spoke in more than a tenth of the speech."
)


def trends_view(course: Trends, width: int = 80) -> RenderableType:
    """All lines as small plots: one screen for two people. `width` is that of the terminal, in columns."""
    columns = 2 if width >= TWO_COLUMNS else 1
    grid = Table.grid(expand=True, padding=(0, 2, 0, 0))
    for _ in range(columns):
        grid.add_column(ratio=1)
    cells = [_cell(line, course) for line in course.lines]
    for first in range(0, len(cells), columns):
        grid.add_row(*cells[first : first + columns])
    began = f"{date(course.began[0])} to {date(course.began[-1])}"
    head = f"{listed(course.people)} · {len(course.numbers)} sessions · {began}"
    return Group(
        Text(head, style="dim"),
        Text(),
        Text(headline(course), style="bold"),
        Text(),
        grid,
        Text(breaths_told(course), style="dim"),
        Text(_NOTE, style="dim"),
    )


def _cell(line: Line, course: Trends) -> RenderableType:
    latest = Text(f"latest {told_figure(line.name, line.figures[-1])}", style="dim")
    return Group(
        Text(title(line.name), style="bold"), latest, Plot(line.figures, line.unit, course.breath_of(line)), Text()
    )
