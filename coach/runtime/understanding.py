"""Text into judged words, in the order in which it was spoken.

who, text ─► reading: depth of sharing ─► response: how it answers what somebody else has just shared
"""

from __future__ import annotations

from coach.core.events import Words
from coach.core.span import Span
from coach.meaning import Answers, DepthModel, Reader, Reading, Response


class Understanding:
    """Judges the utterances of one conversation, each in the context of those before it.

    `depth` replaces the model of depth that ships.
    """

    def __init__(self, language: str, depth: DepthModel | None = None) -> None:
        self._reader = Reader(language, depth)
        self._answers = Answers()

    def read(self, who: str, text: str) -> tuple[Reading, Response | None]:
        """The reading of `text`, and how it responds; None if nobody else has just shared something."""
        reading = self._reader.read(who, text)
        return reading, self._answers.hear(who, text, reading)

    def words(self, at: int, who: str, span: Span, text: str) -> Words:
        """The `Words` event, known at the sample `at`, for `text` spoken over `span`."""
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
            unfinished=reading.unfinished,
            excuses_haste=reading.excuses_haste,
            level=reading.level,
            p_experience=reading.p_experience,
            kinds=reading.kinds,
            response=response.kind if response else None,
            p_response=response.p if response else None,
        )
