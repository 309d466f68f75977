"""What people said when they were asked, and what follows from it.

Each person answers for themselves, before anything is recognised. A no before the start means that there is no session.
A no later ends it, and what was kept of that person's words and sound is erased; docs/consent.md has the whole table.

Answers may be said aloud only where everybody has agreed to that by a tap or a key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from coach.core.errors import CoachError
from coach.core.events import UNKNOWN, Consented, Event
from coach.sessions.forget import clear_bytes
from coach.sessions.store import Store

LISTEN = "listen"
ALOUD = "aloud"  # that answers may be said aloud
VOICE = "voice"  # how an answer was given that was said aloud
BEFOREHAND = "beforehand"  # how an answer was given by whoever started the session, in the name of everybody
EARLIER = "earlier"  # how somebody agreed to answer aloud who did so in an earlier session
LATEST = 20  # sessions of a person in which an earlier agreement is looked for
KEPT = {"words": "words", "audio": "words and sound"}  # what needs everybody's yes


class NotAgreed(CoachError):
    """Somebody has said no, or has not said yes where a yes is needed."""


def objection(consents: Iterable[Consented], people: Sequence[str], keep: str) -> NotAgreed | None:
    """Why the session must not begin: the first person who said no, or whose yes is missing; None if it may begin.

    Listening needs nobody's no, because a line aloud tells everybody. Keeping words or sound needs everybody's yes. The
    last answer of a person counts.

    >>> yes = Consented(at=0, who="Ana", to="listen", yes=True, how="tap")
    >>> objection([yes], ["Ana", "Ben"], "stats") is None
    True
    >>> str(objection([yes], ["Ana"], "words"))
    'words are kept only if everybody has said yes to that; Ana has not'
    """
    said = {(each.who, each.to): each.yes for each in consents}
    for who in people:
        if said.get((who, LISTEN)) is False:
            return NotAgreed(f"{who} said no, so the coach does not listen")
    if keep not in KEPT:
        return None
    for who in people:
        if not said.get((who, keep)):
            return NotAgreed(f"{KEPT[keep]} are kept only if everybody has said yes to that; {who} has not")
    return None


def answer(who: str, keep: str, *, yes: bool, how: str, aloud: bool | None = None) -> tuple[Consented, ...]:
    """The answer of one person to everything that a session with `keep` does, before it begins.

    `aloud` is what they said to answering aloud; None if they were not asked.
    """
    to = (LISTEN, keep) if keep in KEPT else (LISTEN,)
    said = tuple(Consented(at=0, who=who, to=each, yes=yes, how=how) for each in to)
    if not yes or aloud is None:
        return said
    return (*said, Consented(at=0, who=who, to=ALOUD, yes=aloud, how=how))


def may_answer_aloud(consents: Iterable[Consented], people: Sequence[str]) -> bool:
    """Whether each of `people` has agreed that answers may be said aloud. The last answer of a person counts.

    >>> said = answer("Ana", "stats", yes=True, how="key", aloud=True)
    >>> may_answer_aloud(said, ["Ana"]), may_answer_aloud(said, ["Ana", "Ben"])
    (True, False)
    """
    said = {each.who: each.yes for each in consents if each.to == ALOUD}
    return bool(people) and all(said.get(who) for who in people)


def answer_again(who: str, keep: str, *, yes: bool, how: str) -> tuple[Consented, ...]:
    """The answer of somebody who agreed earlier that it may be said aloud."""
    said = answer(who, keep, yes=yes, how=how)
    return (*said, Consented(at=0, who=who, to=ALOUD, yes=True, how=EARLIER)) if yes else said


def taken_back_by(events: Iterable[Event]) -> tuple[str, ...]:
    """Who took their yes to listening back while the coach listened, each once; unknown if it was not sure who."""
    taken = (each for each in events if isinstance(each, Consented) and each.to == LISTEN and not each.yes)
    return tuple(dict.fromkeys(each.who for each in taken))


@dataclass(slots=True)
class Answers:
    """What `people` have `said` so far who are asked, in any order, whether a session may begin.

    `over`: nobody is asked any more, as after a no.
    """

    people: tuple[str, ...]
    said: dict[str, tuple[Consented, ...]] = field(default_factory=dict)
    over: bool = False

    def take(self, who: str, said: tuple[Consented, ...]) -> None:
        """What `who` answers, as `answer` gives it; a no to listening ends the asking."""
        self.said[who] = said
        if any(each.to == LISTEN and not each.yes for each in said):
            self.over = True

    def waiting(self) -> list[str]:
        """Whose answer is missing; nobody's, once nobody is asked any more. Safe from any thread."""
        return [] if self.over else [who for who in self.people if who not in self.said]

    @property
    def complete(self) -> bool:
        """Whether everybody has answered."""
        return all(who in self.said for who in self.people)

    @property
    def consents(self) -> tuple[Consented, ...]:
        """All that was answered, in the order of `people`."""
        return tuple(each for who in self.people for each in self.said.get(who, ()))


def agreed_earlier(store: Store, people: Sequence[str]) -> bool:
    """Whether each of `people` agreed by themselves, in a kept session of just them, that answers may be said aloud.

    A no of theirs in a kept session since then, to that or to listening, takes it back; so does one of which it is not
    sure whose it was.
    """
    return bool(people) and all(_agreed_earlier(store, who, set(people)) for who in people)


def _agreed_earlier(store: Store, who: str, people: set[str]) -> bool:
    theirs = [each for each in store.sessions() if who in each.people]
    for session in reversed(theirs[-LATEST:]):
        for said in reversed(store.consents(session.id)):
            if not said.yes and said.who in (who, UNKNOWN):
                return False
            agreed = said.who == who and said.to == ALOUD and said.how != BEFOREHAND
            if agreed and set(session.people) == people:
                return True
    return False


def erase_words_and_sound(store: Store, session: int, who: str | None) -> None:
    """Erases the words of `who`, or of everybody if None, and all sound of the session, down to the bytes.

    Sound goes as a whole: a voice is heard in every microphone of a room.
    """
    store.erase_words(session, who)
    with store.connection():
        store.sound_file(session).unlink(missing_ok=True)
    clear_bytes(store)
