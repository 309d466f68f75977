"""The notes at the end of the page: what the numbers can and cannot say, with the sources."""

from __future__ import annotations

from coach.core.texts import Texts

_NOTES = ("heard", "silence", "breath", "overlap", "words", "sample")
SOURCES = (  # as they were published, in every language
    "Templeton, Chang, Reynolds, Cone LeBeaumont, Wheatley 2022: Fast response times signal social connection in "
    "conversation. PNAS 119.",
    "Templeton, Chang, Reynolds, Cone LeBeaumont, Wheatley 2023: Long gaps between turns are awkward for strangers "
    "but not for friends. Philosophical Transactions of the Royal Society B 378.",
    "Roberts, Francis 2013: Identifying a temporal threshold of tolerance for silent gaps after requests. Journal of "
    "the Acoustical Society of America 133.",
    "Rowe 1986: Wait time: slowing down may be a way of speeding up! Journal of Teacher Education 37.",
    "Levitt 2001: Sounds of silence in psychotherapy. Psychotherapy Research 11.",
    "Stivers and others 2009: Universals and cultural variation in turn-taking in conversation. PNAS 106.",
    "Levinson, Torreira 2015: Timing in turn-taking and its implications for processing models of language. Frontiers "
    "in Psychology 6.",
    "Laurenceau, Barrett, Pietromonaco 1998: Intimacy as an interpersonal process. Journal of Personality and Social "
    "Psychology 74.",
)


def notes(says: Texts) -> tuple[str, ...]:
    """What the numbers can and cannot say; numbers in brackets are those of `SOURCES`."""
    return tuple(says[f"limits.{name}"] for name in _NOTES)
