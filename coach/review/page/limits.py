"""The notes at the end of the page: what the numbers can and cannot say, with the sources."""

from __future__ import annotations

NOTES = (
    "These numbers can say when each of you spoke and how long it was quiet, as far as the microphone heard it. With "
    "one microphone for two people, short words under the other's voice may be missed or credited to the wrong person.",
    "They cannot say what a silence meant. The same three seconds are warm between friends and awkward between "
    "strangers: gaps over two seconds go with more connection between friends and less between strangers [2]. Quick "
    "answers often go with feeling connected [1], and a late answer to a request or an assessment can sound unwilling "
    "[3].",
    "The target breath is a practice that you chose, not a norm. The evidence for waiting comes from classrooms, where "
    "pupils say more, and more thoughtfully, when teachers wait three seconds [4]; in therapy, the kind of silence "
    "matters more than its amount [5]. No study says after how many seconds an answer feels considered.",
    "Speaking at once is not interrupting. In everyday talk most turns begin within a fifth of a second of the end of "
    "the last one, in all languages studied [6, 7], and people agree poorly on which overlaps interrupt.",
    "Depth, kinds and answers are guesses from recognised words, and the words may be wrong. In daily life, telling "
    "experience goes with closeness more than telling facts does [8]; that is no reason to tell it at every moment.",
    "One conversation is a small sample. Where a number has an interval, the true value lies inside in 95 of 100 such "
    "talks, if you talk on in the same way. Compare with your own earlier sessions, not with other people.",
    "Nobody is scored here: no number is better when it is higher.",
)
SOURCES = (
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
