"""The bytes of a file as text: UTF-8, UTF-16 and UTF-32, with and without a byte order mark, and Windows-1252."""

from __future__ import annotations

import codecs
import re

from coach.core.errors import BadInput

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_NOT_TEXT = (
    (b"PK\x03\x04", "a Word document or a .zip file"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"%PDF", "a PDF file"),
    (b"{\\rtf", "an RTF file"),
)
_UTF8_LETTER = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_FOREIGN = 0.2  # of the characters; above this, text in Windows-1252 is more likely in another encoding
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")


def decoded(data: bytes, name: str) -> tuple[str, str | None]:
    """The text of a file, and what a reader should know about it. Raises BadInput if `data` is no text."""
    for start, kind in _NOT_TEXT:
        if data.startswith(start):
            raise BadInput(f"{name} is {kind}; save it as plain text (.txt, UTF-8)")
    encoding = next((each for mark, each in _MARKS if data.startswith(mark)), None) or _unmarked(data)
    try:
        return data.decode(encoding), None
    except UnicodeDecodeError:
        if not encoding.startswith("utf-8"):
            raise BadInput(f"{name} is not text, or is damaged; save it as plain text in UTF-8") from None
    if _UTF8_LETTER.search(data):
        text = data.decode("utf-8-sig", errors="replace")
        return text, "some characters are damaged (they are not UTF-8), and shown as �"
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    if sum(c > "\x7f" for c in text) > _FOREIGN * len(text) or not text:
        raise BadInput(f"{name} is not written in UTF-8, so its words cannot be read; save it as UTF-8")
    return text, "not written in UTF-8; read as Windows-1252. If letters look wrong, save it as UTF-8"


def visible(text: str) -> str:
    """`text` without the marks that only steer the direction of writing or of line breaks."""
    return _INVISIBLE.sub("", text)


def _unmarked(data: bytes) -> str:
    """In UTF-16, the high byte of every blank and line end is 0, and a byte of 0 is never a low one."""
    zeros = {place % 2 for place, byte in enumerate(data) if not byte} if b"\0" in data else set()
    return {(): "utf-8", (0,): "utf-16-be", (1,): "utf-16-le"}.get(tuple(sorted(zeros)), "utf-16")
