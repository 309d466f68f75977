"""The text of a Word document, as Teams, Zoom and Otter write transcripts, with python-docx.

A paragraph stays a paragraph, and a line break in it a line. A row of a table is one line, its cells divided by tabs;
a cell that holds only a time goes before the name.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from coach.core.errors import BadInput
from coach.review.imports.transcripts import stamps


def text_of_document(data: bytes, name: str) -> str:
    """The text in the bytes of a .docx file. Raises BadInput."""
    from docx import Document

    try:
        document = Document(io.BytesIO(data))
        return "\n\n".join(_pieces(document))
    except Exception as error:  # zipfile, lxml and python-docx each raise their own
        raise BadInput(f"{name} is not a Word document, or is damaged; save it again, or as plain text") from error


def _pieces(document: Any) -> Iterator[str]:
    for piece in document.iter_inner_content():
        if hasattr(piece, "rows"):
            yield from filter(None, (_row([cell.text for cell in row.cells]) for row in piece.rows))
        else:
            yield piece.text


def _row(cells: list[str]) -> str:
    """
    >>> _row(["00:03", "Ana", "So I left."]), _row(["Ana", "So I left."]), _row(["", ""])
    ('[00:03] Ana: So I left.', 'Ana: So I left.', '')
    """
    said = [" ".join(cell.split()) for cell in dict.fromkeys(cells) if cell.strip()]
    times = [cell.strip("[]()") for cell in said if stamps.is_stamp(cell)]
    rest = [cell for cell in said if not stamps.is_stamp(cell)]
    begins = f"[{times[0]}] " if times and len(rest) > 1 else ""
    return begins + (f"{rest[0].rstrip(':')}: {' '.join(rest[1:])}" if len(rest) > 1 else " ".join(rest))
