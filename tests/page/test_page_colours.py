"""The colours of charts stand out from the card that they are drawn on, in light and dark."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from coach.review.page.drawing import FAINTEST
from tests.page.page_talk import talk_page

CSS = (files("coach.review.page") / "page.css").read_text(encoding="utf-8")
SCHEMES = [
    dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", each)) for each in re.findall(r"--paper:.*?}", CSS, re.DOTALL)
]
NOT_DRAWN = {"paper", "card", "line", "faint"}  # backgrounds, and lines that carry no meaning
LEAST = 3.0  # contrast of graphics, WCAG 2.2, 1.4.11


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_there_is_a_light_and_a_dark_scheme_and_the_chosen_dark_one_is_the_same():
    light, dark, chosen = SCHEMES
    assert light != dark == chosen


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "chosen dark"])
def test_every_colour_of_a_chart_has_a_contrast_of_three_to_one(scheme):
    faint = {name: contrast(colour, scheme["card"]) for name, colour in scheme.items() if name not in NOT_DRAWN}
    assert {name: value for name, value in faint.items() if value < LEAST} == {}


def over(colour: str, card: str, opacity: float) -> str:
    """A colour at this opacity on the card, as it is seen."""
    pairs = [(int(colour[place : place + 2], 16), int(card[place : place + 2], 16)) for place in (1, 3, 5)]
    return "#" + "".join(f"{round(opacity * top + (1 - opacity) * below):02x}" for top, below in pairs)


@pytest.mark.parametrize("scheme", SCHEMES, ids=["light", "dark", "chosen dark"])
def test_peoples_colours_keep_it_where_they_are_faint(scheme):
    people = {name: colour for name, colour in scheme.items() if name.startswith(("person-", "past"))}
    seen = {name: contrast(over(colour, scheme["card"], FAINTEST), scheme["card"]) for name, colour in people.items()}
    assert {name: value for name, value in seen.items() if value < LEAST} == {}


def test_no_mark_of_the_page_is_fainter_unless_its_outline_is_not():
    found = [
        layer["mark"]
        for section in talk_page().sections
        for figure in section.figures
        if figure.spec
        for layer in figure.spec["layer"]
    ]
    assert min(mark["opacity"] for mark in found if mark.get("opacity")) == FAINTEST
    pale = [mark for mark in found if mark.get("fillOpacity", 1.0) < FAINTEST]
    assert pale
    assert all(mark["strokeWidth"] >= 1 for mark in pale)
