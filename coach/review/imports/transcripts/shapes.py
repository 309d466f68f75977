"""What a label looks like by itself: a name, a sign such as SPEAKER_01, or the beginning of a sentence."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum, auto
from functools import lru_cache

_MOST_WORDS = 7
_MOST_TITLED = 14  # words of a name with all its titles
_FEW = 3
_LONGEST_UNSPACED = 6  # letters of a name in Chinese or Japanese writing
_LONGEST_UNCASED = 24  # characters of a name in a script without capitals and, often, without blanks


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ROLES = _listed("""
    agent assistant attorney audience befragte befragter bot boy caller child client clinician coach colleague
    counsellor counselor customer doctor facilitator father female gast girl guest host human informant interviewee
    interviewer interviewerin judge lawyer leader listener male man member moderator moderatorin mother narrator
    nurse operator panelist parent participant patient person practitioner presenter professor reporter researcher
    respondent sharer speaker spk spkr sprecher sprecherin student teacher teilnehmerin therapist trainer
    unidentified unknown user voice witness woman
""")
_ROLE = re.compile(
    rf"(?:(?:the|\d+(?:st|nd|rd|th)|first|second|third|other|male|female|unknown|unidentified)[\s_]+)?"
    rf"(?:{'|'.join(sorted(_ROLES))})(?:[\s_.#-]*(?:\d{{1,3}}|[a-z]))?"
)
_NEVER_FIRST = {"and", "at", "et", "for", "from", "in", "of", "und"}
_PHONE = re.compile(r"\+?[\d*x#\s().\-/]{3,}", re.IGNORECASE)
_PARTICLES = _listed("""
    af aka al and at av bin bint da dal das de del della den der di do dos du e el et for from ibn in la le les of
    ter the und van vom von y zu zum zur
""")
_TITLES = _listed("dent dipl habil ing iur jur mag med nat oec phil psych rer univ")  # as in "Dr. med. Ana Lu"
# Words that begin or make a clause. None is part of a name, except where a label is one of them alone and recurs.
_CLAUSE = _listed("""
    about am answered are as ask asked asks be because been being but came can could did didn't do does don't feel
    feels felt get gets go goes got had happened has have he he's her here here's him his how i i'd i'll i'm i've if
    is isn't it it's its knew know knows learned learnt left let lets looked made me mean means meant met might mine
    must my not or our realised realized replied said saw say says shall she she's should so tell tells than that
    that's their them then there there's these they they're think thinks this those thought to told took tried us
    want wanted wants was wasn't we we're went were what when where which who whom why with wonder wondered would
    you you're your
""")
_OPENERS = _listed("""
    above actually advice afterwards again aim also alternative always and another anything anyway attention
    background because below beneath benefit besides bottom briefly but cause caution choice con conclusion
    confession cons consequence context correction cost diagnosis disclaimer edit effect everything exactly example
    examples exception fact fair fear feeling feelings finally fine first fourth fyi goal great hence highlights
    hint honest idea important indeed ingredients inside instead key last later lesson like line listen long look
    maybe meaning meanwhile memory message mood moral moreover nb never next no nobody nope note notes nothing now
    ok okay once one option or outcome outside perhaps plan plus point price pro problem proof pros ps question
    quote reason remember reminder result right rule sadly score second secretly short simple so solution somehow
    something sometimes spoiler step still story strengths sum summary sure symptom takeaway takeaways task thanks
    then thing things third though thought thoughts three thus tip tldr today tomorrow tonight total translation
    trigger truth two underneath update upshot verdict wait warning weaknesses well whatever why wish worse worst
    yeah yes yesterday yet
""")
_LY_NAMES = _listed("""
    beverly billy carly cicely elly emily holly italy kelly kimberly lily milly molly polly sally willy
""")
_PAIRED = {"question", "answer", "q", "a", "frage", "antwort", "second", "first"}
_DESCRIPTIONS = _listed("""
    action agenda attendee attendees audio author chapter city conference copyright created date datum dauer
    description duration duree durée email episode event fecha file filename format invitees items kind language
    length lieu link location meeting minutes ort participantes participants place podcast present project recorded
    recording sprache start started subject subtitle teilnehmende teilnehmer thema time timestamp titel title titre
    titulo topic topics transcribed transcriber transcript transcription transkript type título url venue version
    video website when where
""")
_PLACES = {"room", "raum"}  # a meeting room takes part under its name
_DAY = re.compile(
    r"\b(?:(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]*\.?\s+\d|\d{1,2}\.?\s+(?:jan|feb|m[aä]r|apr|ma[iy]"
    r"|jun|jul|aug|sep|o[ck]t|nov|de[cz])|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)|\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b",
    re.IGNORECASE,
)
_SOUNDS = _listed("""
    applause background beep breath breathes breathing chuckle chuckles chuckling clapping clears cough coughing
    coughs cries cross crosstalk crying exhales giggles inaudible indistinct inhales laugh laughing laughs laughter
    long music noise overlapping pause pauses phone sigh sighing sighs silence singing sniffs sobbing softly
    speaking speech static talking throat unclear unintelligible whispers
""")


_MARKS = re.compile(r"[?!;…“”„\"«»]|,\s*$|(?<!\b\w)(?<!\b[JS]r)\.\s*$|\.\.")  # "Ana L." and "Ana Lu Jr." are names
_INITIAL = re.compile(r"(?<=\s)I\.")
_NICKNAME = re.compile(r"(?<=\w\s)[\"“„'‘][^\W\d_]+[\"“”'’](?=\s\w)")  # Benedikt "Ben" Ito


class Shape(Enum):
    """SIGN: speaker 1, S01, +49 170 …, ana@post.org. NAME: Ana Lu (she/her). PHRASE: red coat. OPENER: Note.
    CLAUSE: the thing is."""

    SIGN = auto()
    NAME = auto()
    PHRASE = auto()
    OPENER = auto()
    CLAUSE = auto()


@lru_cache(maxsize=4096)
def shape(label: str) -> Shape:
    """
    >>> [shape(each).name for each in ("SPEAKER_01", "Prof. Ana Lu (Uni)", "red coat", "Note", "And I thought")]
    ['SIGN', 'NAME', 'PHRASE', 'OPENER', 'CLAUSE']
    """
    label = _INITIAL.sub("J.", _NICKNAME.sub(" ", label))  # the initial "I." is not the word "I"
    words = _words(label)
    lowered = [word.casefold() for word in words]
    if not words:  # "?" and "???" stand for an unknown speaker
        signs = any(unicodedata.category(c) == "So" for c in label) or set(label) == {"?"}
        return Shape.SIGN if signs else Shape.CLAUSE
    if label.startswith("@") and len(words) == 1:
        return Shape.SIGN
    if len(words) == 1 and (found := _single(words[0])):
        return found
    if _ROLE.fullmatch(" ".join(lowered)) or _PHONE.fullmatch(label):
        return Shape.SIGN
    if any(word in _OPENERS for word in lowered) and all(word in _OPENERS or word in _PARTICLES for word in lowered):
        return Shape.OPENER
    if _is_clause(label, words, lowered):
        return Shape.CLAUSE
    if _MARKS.search(label) or _long_without_blank(label):
        return Shape.PHRASE if len(words) < _FEW else Shape.CLAUSE
    if _is_titled(words):
        return Shape.NAME
    return Shape.PHRASE


def is_description(label: str) -> bool:
    """Whether a label describes the recording, as in "Date: 3 March" or "Meeting ID: 12"."""
    words = [word.casefold() for word in _words(label)]
    described = 0 < len(words) <= 4 and any(word in _DESCRIPTIONS for word in words)
    return (described and not _PLACES & set(words)) or bool(_DAY.search(label))


def is_sound(label: str) -> bool:
    """Whether a label in brackets describes a sound: [laughs], (long pause), [Music]."""
    return any(word.casefold() in _SOUNDS for word in _words(label))


def can_pair(label: str) -> bool:
    """Whether a label may stand for a speaker if it recurs, though it is a word of everyday talk: Q, Question, She."""
    words = [word.casefold() for word in _words(label)]
    return len(words) == 1 and (words[0] in _PAIRED or words[0] in {"i", "me", "he", "him", "she", "her", "you", "we"})


def _single(word: str) -> Shape | None:
    lowered = word.casefold()
    if lowered in _OPENERS or (lowered.endswith("ly") and len(lowered) > 4 and lowered not in _LY_NAMES):
        return Shape.OPENER
    if len(word) == 1 and (word.isalpha() or word.isdecimal()):
        return Shape.SIGN
    if lowered in _CLAUSE:
        return Shape.OPENER
    odd = any(c.isdecimal() or c in "_@" for c in word) or (word[:1].islower() and any(c.isupper() for c in word))
    return Shape.SIGN if odd or _ROLE.fullmatch(lowered) else None


def _is_clause(label: str, words: list[str], lowered: list[str]) -> bool:
    stop = re.search(r"\b[^\W\d_]{5,}\.\s", label)  # "Prof. Ana", but not "I left. Ana"
    uncased = sum(len(word) for word in words if not _cased(word))
    return bool(
        stop
        or len(words) > (_MOST_WORDS if label.isupper() or not _is_titled(words) else _MOST_TITLED)
        or uncased > _LONGEST_UNCASED
        or lowered[0] in _NEVER_FIRST
        or (len(words) > 1 and words[-1] in _PARTICLES)
        or any(word in _CLAUSE for word in lowered)
    )


def _is_titled(words: list[str]) -> bool:
    return all(_name_word(word) or word in _PARTICLES | _TITLES for word in words)


def _long_without_blank(label: str) -> bool:
    return sum("\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" for c in label) > _LONGEST_UNSPACED


def _words(label: str) -> list[str]:
    """The words of a label, without what stands in brackets or behind a bar: "Ana Lu (she/her) | Org" has two."""
    core = re.sub(r"[(\[{<][^)\]}>]*[)\]}>]", " ", label)
    core = re.split(r"\s[|/@·•–—-]\s", core)[0]
    words = [word.strip("".join(c for c in word if not _part_of_word(c))) for word in (core.split() or label.split())]
    return [word for word in words if word]


def _part_of_word(c: str) -> bool:
    return unicodedata.category(c)[0] in "LMN" and not "\ufe00" <= c <= "\ufe0f"


def _cased(word: str) -> bool:
    return any(c.isupper() or c.islower() for c in word)


def _name_word(word: str) -> bool:
    return (
        word[0].isupper()
        or not word[0].isalpha()
        or "." in word  # h.c., ph.d.
        or not _cased(word)
        or any(c.isupper() or c.isdecimal() for c in word)
    )
