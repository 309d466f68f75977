"""Placeholders: names in braces in a text, as in "{name} took it", which whoever shows or says the text fills in."""

from __future__ import annotations

import re
from collections.abc import Collection

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def placeholders(text: str) -> set[str]:
    """The names in braces in `text`. A doubled brace stands for itself.

    Raises ValueError, whose message goes on after the text ("… has a stray brace; …"), for a brace without its partner
    and for anything but a name in braces: filling the text in might fail, or show something else than the name.

    >>> sorted(placeholders("{who} for {n} {{s}}")), placeholders("nobody")
    (['n', 'who'], set())
    >>> placeholders("{n:.1f}")
    Traceback (most recent call last):
    ValueError: has {n:.1f}; write only a name in braces
    """
    names = set()
    for found in _BRACES.finditer(text):
        braces, name = found.group(), found.group(1)
        if name is None:
            if len(braces) == 1:
                raise ValueError("has a stray brace; write {{ or }} for one")
        elif not name.isidentifier():
            raise ValueError(f"has {braces}; write only a name in braces")
        else:
            names.add(name)
    return names


def in_braces(names: Collection[str]) -> str:
    """The placeholders of a text with these `names`, as they are told to the person.

    >>> in_braces({"sharer", "listener"}), in_braces(())
    ('{listener} and {sharer}', 'no braces')
    """
    return " and ".join(f"{{{name}}}" for name in sorted(names)) or "no braces"
