"""Placeholders in texts: what is accepted can be filled in, with the names and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.core.placeholders import placeholders


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("emaN {n:zz}", "has {n:zz}; write only a name in braces"),
        ("{name!r}", "has {name!r}; write only a name in braces"),
        ("{name!zz}", "has {name!zz}; write only a name in braces"),
        ("{who.name}", "has {who.name}; write only a name in braces"),
        ("{0}", "has {0}; write only a name in braces"),
        ("{}", "has {}; write only a name in braces"),
        ("and you {", "has a stray brace; write {{ or }} for one"),
        ("{a{b}}", "has a stray brace; write {{ or }} for one"),
        ("{n}}", "has a stray brace; write {{ or }} for one"),
    ],
)
def test_what_is_no_placeholder_is_refused_in_one_line(text: str, told: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # its whole message is compared
        placeholders(text)
    assert str(refused.value) == told


@given(st.text("{}n:!.0 "))
def test_what_is_accepted_can_be_filled_in(text: str) -> None:
    try:
        names = placeholders(text)
    except ValueError:
        return
    filled = text.format(**dict.fromkeys(names, "Ana"))
    assert filled.count("Ana") >= len(names)
