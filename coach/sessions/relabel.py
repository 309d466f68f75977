"""Who spoke, put right afterwards: people renamed, merged, or exchanged for a while.

Events never change. What somebody puts right is stored beside them, one row each time, and applied whenever the events
are read, so that everything is computed anew and nothing is lost: the old labels stay in the events, the rows are the
history, and the last of them can be undone.

>>> from coach.core.events import Speech
>>> heard = Speech(at=32000, who="A", span=Span.seconds(1, 2), confidence=0.9)
>>> relabelled(heard, [Relabelling(renamed=(("A", "Ana"),))]).who
'Ana'
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from coach.core.errors import BadInput
from coach.core.events import UNKNOWN, Cue, Event, Speech, Words
from coach.core.names import called_so, composed, fault_of
from coach.core.span import RATE, Span

if TYPE_CHECKING:
    from coach.sessions.store import Store, StoredSession

NO_NAMES = ("lost",)  # figures of a cue whose text is no name; any other text is


@dataclass(frozen=True, slots=True)
class Relabelling:
    """What somebody put right at one time, in this order.

    `renamed`: (old, new), all at once. `merged`: (who stays, who becomes them). `swapped`: (from, to, one, other),
    samples, in which the two were taken for each other. `given`: (from, to, who), in which all speech is one person's.
    The names in the last three are those after renaming.
    """

    renamed: tuple[tuple[str, str], ...] = ()
    merged: tuple[tuple[str, str], ...] = ()
    swapped: tuple[tuple[int, int, str, str], ...] = ()
    given: tuple[tuple[int, int, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.renamed or self.merged or self.swapped or self.given)

    def name(self, who: str) -> str:
        """What `who` is called, whenever they speak."""
        who = dict(self.renamed).get(who, who)
        return {gone: stays for stays, gone in self.merged}.get(who, who)

    def meant(self, who: str, moment: int) -> str:
        """Whom the coach meant by `who` at a sample."""
        who = self.name(who)
        for start, end, one, other in self.swapped:
            if moment in Span(start, end):
                who = {one: other, other: one}.get(who, who)
        return who

    def spoke(self, who: str, moment: int) -> str:
        """Who spoke at a sample at which `who` was heard."""
        who = self.meant(who, moment)
        for start, end, whose in self.given:
            if moment in Span(start, end):
                who = whose
        return who

    def tells_at(self, moment: int) -> bool:
        """Whether it says who spoke at a sample, rather than what somebody is called."""
        times = [Span(each[0], each[1]) for each in self.swapped] + [Span(each[0], each[1]) for each in self.given]
        return any(moment in span for span in times)


@dataclass(frozen=True, slots=True)
class Relabelled:
    """A row of the history: when somebody put what right. `undone`: when they took it back, None if it holds."""

    made: datetime
    relabelling: Relabelling
    undone: datetime | None = None


def relabelled(event: Event, relabellings: Iterable[Relabelling]) -> Event:
    """The event with the labels that hold. What is said across a border belongs to the side of its middle."""
    for each in relabellings:
        event = _relabelled(event, each)
    return event


def _relabelled(event: Event, each: Relabelling) -> Event:
    match event:
        case Speech():
            middle = (event.span.start + event.span.end) // 2
            sure = 1.0 if each.tells_at(middle) else event.confidence  # somebody who was there says so
            return replace(event, who=each.spoke(event.who, middle), confidence=sure)
        case Words():
            return replace(event, who=each.spoke(event.who, (event.span.start + event.span.end) // 2))
        case Cue():
            to = None if event.to is None else each.meant(event.to, event.at)
            because = {
                key: each.meant(value, event.at) if isinstance(value, str) and key not in NO_NAMES else value
                for key, value in event.because.items()
            }
            return replace(event, to=to, because=because)
    about: Any = event
    return replace(about, who=each.name(about.who)) if hasattr(event, "who") else event  # such as an enrolment


def relabelled_people(people: Sequence[str], relabellings: Iterable[Relabelling]) -> tuple[str, ...]:
    """The people of a session with the names that hold; whom speech was given to is one of them."""
    found = tuple(people)
    for each in relabellings:
        names = [each.name(who) for who in found]
        found = tuple(dict.fromkeys([*names, *(who for *_, who in each.given if who != UNKNOWN)]))
    return found


# --------------------------------------------------------------------------------------------------------- the store


def relabel(store: Store, session: int, wanted: Relabelling) -> StoredSession:
    """Put labels of a session right. Returns the session as it is then.

    Raises BadInput, and changes nothing, if a name is not among its people, is not a name or is another person's, or
    if the session is still running.
    """
    before = store.session(session)
    if store.running(session):
        raise BadInput(f"session {session} is still running; relabel it when it has ended")
    wanted = _checked(wanted, _heard(store, before), before.last)
    row = (session, session, _now(store), json.dumps(asdict(wanted), ensure_ascii=False))
    with store.transaction() as db:
        db.execute(
            "INSERT INTO relabelling (session, n, made, body) VALUES "
            "(?, (SELECT coalesce(max(n) + 1, 0) FROM relabelling WHERE session = ?), ?, ?)",
            row,
        )
        db.execute("DELETE FROM figures WHERE session = ?", (session,))
    return store.session(session)


def undo_relabelling(store: Store, session: int) -> Relabelling:
    """Take the last relabelling of a session back, and return it. Raises BadInput if there is none."""
    store.session(session)
    with store.transaction() as db:
        last = db.execute(
            "SELECT n, body FROM relabelling WHERE session = ? AND undone IS NULL ORDER BY n DESC LIMIT 1", (session,)
        ).fetchone()
        if last is None:
            raise BadInput(f"nothing of session {session} was relabelled, so there is nothing to undo")
        db.execute("UPDATE relabelling SET undone = ? WHERE session = ? AND n = ?", (_now(store), session, last[0]))
        db.execute("DELETE FROM figures WHERE session = ?", (session,))
    return _read(last[1])


def relabellings(store: Store, session: int) -> list[Relabelled]:
    """The history of a session's labels, oldest first."""
    with store.connection() as db:
        rows = db.execute("SELECT made, body, undone FROM relabelling WHERE session = ? ORDER BY n", (session,))
        return [
            Relabelled(datetime.fromisoformat(made), _read(body), undone and datetime.fromisoformat(undone))
            for made, body, undone in rows
        ]


def name_that_holds(who: str, put_right: Iterable[Relabelling]) -> str:
    """What somebody who is stored as `who` is called now."""
    for each in put_right:
        who = each.name(who)
    return who


def all_in_force(store: Store, session: int | None = None) -> dict[int, list[Relabelling]]:
    """The relabellings that hold, by session, in order; of one session if it is given."""
    with store.connection() as db:
        rows = db.execute(
            "SELECT session, body FROM relabelling WHERE undone IS NULL AND ? IN (session, -1) ORDER BY session, n",
            (-1 if session is None else session,),
        ).fetchall()
    found: dict[int, list[Relabelling]] = {}
    for number, body in rows:
        found.setdefault(number, []).append(_read(body))
    return found


def _now(store: Store) -> str:
    return store.now().isoformat(timespec="seconds")


def _read(body: str) -> Relabelling:
    return Relabelling(**{name: tuple(map(tuple, rows)) for name, rows in json.loads(body).items()})


def _heard(store: Store, session: StoredSession) -> list[str]:
    """Everybody whom a session names, as people or in its speech."""
    spoke = (event.who for event in store.events(session.id) if isinstance(event, Speech | Words))
    return list(dict.fromkeys([*session.people, *spoke]))


def _checked(wanted: Relabelling, people: Sequence[str], last: int) -> Relabelling:
    """The same with names as they are written in the session, which ends at sample `last`. Raises BadInput."""
    if not wanted:
        raise BadInput("there is nothing to put right")
    new = {_known(old, people): _new(name) for old, name in wanted.renamed}
    if len(new) < len(wanted.renamed):
        raise BadInput("one person is given two names; give one")
    after = [new.get(who, who) for who in people]
    if twice := next((name for name in after if after.count(name) > 1), None):
        raise BadInput(f"{twice} would be two people; if they are one person, use --merge")
    merged = tuple((_known(stays, after), _known(gone, after)) for stays, gone in wanted.merged)
    if any(stays == gone or stays in [each for _, each in merged] for stays, gone in merged):
        raise BadInput("somebody is merged into a person who is gone then, or into themselves")
    gone = {each for _, each in merged}
    left = [who for who in after if who not in gone]
    swapped = tuple((*_time(*each[:2], last), _known(each[2], left), _known(each[3], left)) for each in wanted.swapped)
    if any(one == other for *_, one, other in swapped):
        raise BadInput("a person cannot be exchanged for themselves; name two")
    given = tuple((*_time(*each[:2], last), _somebody(each[2], left)) for each in wanted.given)
    return Relabelling(tuple(new.items()), merged, swapped, given)


def _known(name: str, people: Sequence[str]) -> str:
    if (found := called_so(name, people)) is None:
        raise BadInput(f"{name} is not in this session; in it are {', '.join(people)}")
    return found


def _new(name: str) -> str:
    name = composed(name)
    if fault := fault_of(name, UNKNOWN):
        raise BadInput(f"{name!r} cannot be a name: {fault}")
    return name


def _somebody(name: str, people: Sequence[str]) -> str:
    return called_so(name, people) or (UNKNOWN if name == UNKNOWN else _new(name))


def _time(start: int, end: int, last: int) -> tuple[int, int]:
    if end <= start:
        raise BadInput("a time ends before it begins; write it like 12:30-14:00")
    if start >= last:
        minutes, seconds = divmod(last // RATE, 60)
        raise BadInput(f"the session ends at {minutes}:{seconds:02}, so there is nothing to put right after that")
    return start, end
