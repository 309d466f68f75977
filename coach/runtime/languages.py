"""What the coach can do in a language, and what its folder leaves out or has wrong, in words for people."""

from __future__ import annotations

from collections.abc import Sequence

from coach.coaching import Catalogue, has_answers, has_commands
from coach.core.errors import BadSetting
from coach.core.languages import SHIPPED, VOICE, Language, languages
from coach.core.messages import Message
from coach.core.texts import has_pages, texts
from coach.core.understood import TALK, check_understood, understood
from coach.cues import ShippedVoice
from coach.meaning import LANGUAGES


def answers_understood(code: str) -> bool:
    """Whether a yes can be said aloud, and taken back aloud, in the language `code`."""
    return has_answers(code) and has_commands(code)


def not_understood(code: str) -> str:
    """What of people's words the coach cannot make use of in the language `code`, in one line; empty if nothing.

    >>> not_understood("en")
    ''
    """
    if code in LANGUAGES:
        return ""
    judged = tuple(Language(each, SHIPPED / each).about("name") for each in sorted(LANGUAGES))
    if missing := _unheard(code):
        return Message("notice.not_invited_or_understood", judged=judged, language=code, parts=_either(missing))
    return Message("notice.not_invited", judged=judged, language=code)


def _unheard(code: str) -> list[str]:
    heard = {
        "not.questions": code in LANGUAGES or understood(code, TALK) is not None,
        "not.commands": has_commands(code),
        "not.answers": has_answers(code),
    }
    return [Message(what) for what, is_heard in heard.items() if not is_heard]


def language_fault(code: str) -> str:
    """The first mistake in the folder of the language `code`, in one line that names the file; empty if there is none.

    >>> language_fault("de")
    ''
    """
    language = languages()[code]
    try:
        language.about("name")
        Catalogue.load(code)
        check_understood(code)
        texts(code)
        ShippedVoice(code)
    except BadSetting as error:
        return str(error)
    return ""


def language_faults() -> list[str]:
    """The mistakes in the folders of all languages, one line for each that has any."""
    return [fault for code in languages() if (fault := language_fault(code))]


def left_out(code: str) -> str:
    """What the folder of the language `code` leaves out, in one line; empty if nothing.

    >>> left_out("en"), left_out("de")
    ('', 'in de, depth is not judged')
    """
    language = languages()[code]
    there = {"pages": has_pages(language), "recordings": language.has(VOICE)}
    told = []
    if unheard := _unheard(code):
        told.append(f"it does not understand {_either(unheard)}")
    if absent := [part for part, is_there in there.items() if not is_there]:
        told.append(f"there are no {_either(absent)}")
    if code not in LANGUAGES:
        told.append("depth is not judged")
    return f"in {code}, {'; '.join(told)}" if told else ""


def _either(parts: Sequence[str]) -> str:
    """One to three `parts` as a list in a sentence: "a", "a or b", or "a, b, or c"."""
    match parts:
        case [one, two]:
            return Message("not.two", one=one, two=two)
        case [one, two, three]:
            return Message("not.three", one=one, two=two, three=three)
    return parts[0]
