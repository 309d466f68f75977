"""The notes at the end of the page: what the numbers can and cannot say, with the sources."""

from __future__ import annotations

NOTES = (
    "They can say when each of you spoke, and how long it was quiet, as far as the microphone heard it. With one "
    "microphone for two people, short words under the other's voice may be missed or given to the wrong one.",
    "They cannot say what a silence meant. The same three seconds are warm between friends and awkward between "
    "strangers: gaps over two seconds go with connection for the one and against it for the other [2]. Quick answers "
    "often go with feeling connected [1], and a late answer to a request or an assessment can be heard as unwilling "
    "[3].",
    "The target breath is a practice that you chose, not a norm. What speaks for waiting comes from classrooms, "
    "where pupils say more, and more thoughtfully, when teachers wait three seconds [4]; in therapy, the kind of "
    "silence matters more than its amount [5]. No study tells at how many seconds an answer is felt to be "
    "considered.",
    "An overlap is not an interruption. In everyday talk most turns begin within a fifth of a second of the end of the "
    "last one, in all languages that were looked at [6, 7], and people agree poorly on which overlaps interrupt.",
    "Levels, kinds and answers are guesses from recognised words, and the words may be wrong. Telling one's "
    "experience goes with closeness in daily life more than telling facts does [8]; that is no reason to tell it at "
    "every moment.",
    "One conversation is a small sample. Where a number has an interval, the true value lies inside in 95 of 100 such "
    "talks, if the talk goes on in the same way. Compare with your own earlier sessions, not with other people.",
    "Nobody is scored here: there is no number that is better when it is higher.",
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
