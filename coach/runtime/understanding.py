"""What is said at the table, understood in the order in which it was said.

who, text ─► reading: how deep it goes ─► response: how it answers what another had just shared
"""

from __future__ import annotations

from coach.core.events import Words
from coach.core.span import Span
from coach.meaning import Answers, Reader, Reading, Response


class Understanding:
    """One conversation's; each stretch is judged by those before it."""

    def __init__(self, language: str) -> None:
        self._reader = Reader(language)
        self._answers = Answers()

    def read(self, who: str, text: str) -> tuple[Reading, Response | None]:
        """How `text` reads; and how it answers, None where nobody else has just shared anything."""
        reading = self._reader.read(who, text)
        return reading, self._answers.hear(who, text, reading)

    def words(self, at: int, who: str, span: Span, text: str) -> Words:
        """The same as the event that is told at the sample `at`, of what was said over `span`."""
        reading, response = self.read(who, text)
        return Words(
            at=at,
            who=who,
            span=span,
            count=reading.count,
            text=text,
            sentences=reading.sentences,
            acknowledgement=reading.acknowledgement,
            question=reading.question,
            request=reading.request,
            logistics=reading.logistics,
            elsewhere=reading.elsewhere,
            level=reading.level,
            p_experience=reading.p_experience,
            kinds=reading.kinds,
            response=response.kind if response else None,
            p_response=response.p if response else None,
        )
