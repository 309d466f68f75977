"""Vega-Lite charts as plain dictionaries, in the page's own look.

Colours are the names of CSS variables (`ink("person-1")`), so that light, dark and print need no second drawing. Every
mark carries `says`: the sentence that hovering shows, focus shows and a screen reader reads.

    chart(values, *layers, …)          rows and the layers that draw them
    along_time(values, *layers, …)     the same over the session's time, with zoom

A layer is `mark("bar", color=…)` with what it encodes; `only` picks the rows that it draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Spec = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]

FONT = 'system-ui, "Segoe UI", "DejaVu Sans", sans-serif'
PEOPLE = 6  # colours for people; then they begin anew
LANE = 34  # pixels a lane
ZOOM = "zoom"  # the selection that holds what part of the time is shown; page.js sets it, too
UNTIL: Spec = {"x2": {"field": "end"}}  # a bar along time has an end
_CLOCK = "datum.value < 3600000 ? utcFormat(datum.value, '%-M:%S') : utcFormat(datum.value, '%-H:%M:%S')"

_CONFIG: Spec = {
    "background": None,
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--soft)", "titleColor": "var(--soft)", "domainColor": "var(--line)",
        "tickColor": "var(--line)", "gridColor": "var(--line)", "titleFontWeight": "normal",
        "labelFontSize": 12, "titleFontSize": 12, "labelLimit": 130,
    },
}  # fmt: skip


def ink(name: str) -> str:
    """A colour of the page.

    >>> ink("person-1")
    'var(--person-1)'
    """
    return f"var(--{name})"


def person_inks(people: Sequence[str]) -> list[str]:
    return [ink(f"person-{place % PEOPLE + 1}") for place, _ in enumerate(people)]


def milliseconds(seconds: float) -> int:
    """Time as the charts' time axis counts it."""
    return round(seconds * 1000)


def mark(kind: str, *, only: str | None = None, encoding: Spec | None = None, **look: Any) -> Spec:
    """One layer. `only` is a Vega expression over `datum`; never put people's text into it."""
    said = {"tooltip": {"field": "says"}, "description": {"field": "says"}}
    layer: Spec = {"mark": {"type": kind, **look}, "encoding": {**said, **(encoding or {})}}
    return layer | ({"transform": [{"filter": only}]} if only else {})


def rule_at(value: float, text: str, colour: str = "mark") -> list[Spec]:
    """A line upright across the chart at `value`, with `text` beside its top."""
    place: Spec = {"data": {"values": [{"at": value, "text": text}]}}
    x = {"x": {"field": "at", "type": "quantitative"}}
    line = {"type": "rule", "color": ink(colour), "strokeDash": [4, 3], "strokeWidth": 1.5, "aria": False}
    words = {
        "type": "text", "color": ink(colour), "align": "left", "dx": 5, "dy": 6, "y": 0, "fontSize": 12, "aria": False,
    }  # fmt: skip
    return [
        place | {"mark": line, "encoding": x},
        place | {"mark": words, "encoding": {**x, "text": {"field": "text"}}},
    ]


def lanes(names: Sequence[str]) -> Spec:
    """A band for each name, from top to bottom."""
    return {
        "field": "lane", "type": "nominal", "title": None, "scale": {"domain": list(names)}, "sort": None,
        "axis": {"domain": False, "ticks": False, "grid": False, "labelPadding": 8},
    }  # fmt: skip


def counting(title: str, most: int) -> Spec:
    """The scale of a count that is `most` at its highest: whole numbers only, about six of them."""
    step = max(1, -(-most // 6))
    top = -(-most // step) * step
    return {
        "type": "quantitative", "title": title, "stack": "zero", "scale": {"domain": [0, top]},
        "axis": {"values": list(range(0, top + 1, step)), "format": "d", "domain": False, "ticks": False},
    }  # fmt: skip


def measuring(title: str) -> Spec:
    """The scale of a length of time in seconds."""
    return {
        "type": "quantitative", "title": title,
        "axis": {"gridOpacity": 0.6, "tickCount": {"expr": "width / 70"}, "tickMinStep": 0.5, "labelFlush": True},
    }  # fmt: skip


def by_name(field: str, names: Sequence[str], inks: Sequence[str]) -> Spec:
    """A colour for each of `names`; what the colours mean stands in the figure's key."""
    return {"field": field, "type": "nominal", "scale": {"domain": list(names), "range": list(inks)}, "legend": None}


def chart(values: Rows, *layers: Spec, label: str, height: int, encoding: Spec | None = None) -> Spec:
    """A chart as wide as its place and `height` pixels high, its axis not counted."""
    return {
        "description": label,
        "width": "container",
        "height": height,
        "padding": {"left": 2, "right": 24, "top": 4, "bottom": 2},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": _CONFIG,
        "data": {"values": [dict(row) for row in values]},
        "encoding": encoding or {},
        "layer": list(layers),
    }


def along_time(values: Rows, *layers: Spec, label: str, names: Sequence[str], duration_s: float) -> Spec:
    """Lanes called `names` over the time of the session; rows have "lane", "start" and "end" in milliseconds.

    Dragging moves, the wheel with Shift zooms, a double click shows everything; the page adds buttons for the same.
    """
    x = {
        "field": "start", "type": "temporal", "title": None, "scale": {"type": "utc", "nice": False},
        "axis": {"labelExpr": _CLOCK, "gridOpacity": 0.6, "tickCount": {"expr": "width / 90"}, "labelFlush": True},
    }  # fmt: skip
    select = {"type": "interval", "encodings": ["x"], "zoom": "wheel![event.shiftKey]"}
    whole: Spec = {  # an empty layer that holds what the time axis begins with: all of the session
        "data": {"values": [{"start": 0, "end": milliseconds(max(duration_s, 1.0))}]},
        "mark": {"type": "bar", "opacity": 0, "aria": False},
        "encoding": {"x2": {"field": "end"}, "y": {"value": 0}},
        "params": [{"name": ZOOM, "select": select, "bind": "scales"}],
    }
    encoding = {"x": x, "y": lanes(names)}
    return chart(values, whole, *layers, label=label, height=LANE * len(names), encoding=encoding)
