"""Text from outside and the names of people: how they are shown, compared and refused.

Unicode writes "ë" as one character or as two, and joiners, which show nothing, belong to Persian names and to many
emoji. Control characters are never shown, because they could move the cursor of a terminal or colour it.

>>> one_line("a name\\x1b[31m\\nin two"), plain_name(" Zoe\\u0308  Lu") == "Zo\\u00eb Lu"
('a name [31m in two', True)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

LONGEST_NAME = 40  # letters that fit on a line of the screen
_MOST_CHARACTERS = 8 * LONGEST_NAME  # of Unicode; a letter with its marks, or an emoji of a family, has up to eight
SEPARATORS = ",="  # of names in --people and --channels
_JOINERS = "\u200c\u200d"  # zero width non-joiner and joiner
_TAGS = range(0xE0020, 0xE0080)  # they follow a black flag, and make it that of England, Scotland or Wales
_SKIN = range(0x1F3FB, 0x1F400)  # modifiers of an emoji
_FLAGS = range(0x1F1E6, 0x1F200)  # letters that make a flag in pairs
_MARKS = ("Mn", "Mc", "Me")  # categories of characters that are drawn on the letter before
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")  # categories of characters that show nothing, or move what is shown


def one_line(text: str) -> str:
    """`text` on one line, with single spaces and without control characters and other unseen ones."""
    return " ".join("".join(" " if _unseen(c) else c for c in text).split())


def plain_name(name: str) -> str:
    """`name` in Unicode's composed form (NFC), with single spaces and without control characters."""
    return " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in composed(name)).split())


def composed(name: str) -> str:
    """`name` in Unicode's composed form (NFC), with single spaces; control characters stay."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def called_so(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that is `name`, in whichever form of Unicode it is written; None if there is none."""
    wanted = plain_name(name)
    return next((each for each in names if plain_name(each) == wanted), None)


def letters(name: str) -> int:
    """The number of letters that people see: marks, joiners and what is joined belong to the letter before.

    >>> letters("Zoe\\u0308"), letters("\\U0001f469\\u200d\\U0001f4bb Bo"), letters("\\u0e19\\u0e34\\u0e14")
    (3, 4, 2)
    """
    count = flags = 0
    joined = False
    for c in name:
        flag = ord(c) in _FLAGS
        flags = flags + 1 if flag else 0
        belongs = unicodedata.category(c) in _MARKS or c in _JOINERS or ord(c) in _TAGS or ord(c) in _SKIN
        if not (belongs or joined or (flag and flags % 2 == 0)):
            count += 1
        joined = c == "\u200d"
    return count


def fault_of(name: str, unknown: str) -> str:
    """What is wrong with `name`, a plain name, as the end of a sentence about it; "" if nothing is.

    `unknown` is the name of nobody in particular.
    """
    if not name or not name.strip(_JOINERS):
        return "a name has at least one letter"
    if name == unknown:
        return f"{unknown} stands for an unknown voice; give another name"
    for c in name:
        if _unseen(c):
            return f"it contains an invisible character ({_described(c)}); type the name again without it"
        if c in SEPARATORS:
            return "a name can contain neither a comma nor an equals sign"
    if (count := letters(name)) > LONGEST_NAME:
        return f"it has {count} letters, and a name has {LONGEST_NAME} at most; shorten it"
    if len(name) > _MOST_CHARACTERS:
        return f"its {count} letters carry {len(name) - count} marks, too many to show; leave some out"
    return ""


def _unseen(c: str) -> bool:
    return unicodedata.category(c) in _UNSEEN and c not in _JOINERS and ord(c) not in _TAGS


def _described(c: str) -> str:
    number = f"U+{ord(c):04X}"
    return f"{unicodedata.name(c).lower()}, {number}" if unicodedata.name(c, "") else number
