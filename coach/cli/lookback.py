"""The views of `coach review`: one session with a person's notes, two compared, or trends over all."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click
from rich.progress import track
from rich.text import Text

from coach.cli.afterwards import asked_passphrase, one_of
from coach.cli.console import Console
from coach.cli.page import PageFile, put_page
from coach.cli.rounds import figures_of_rounds, round_before
from coach.cli.saying import say
from coach.coaching import account
from coach.core.events import Marked
from coach.core.settings import Settings, load_settings
from coach.core.span import as_seconds
from coach.core.texts import Texts, texts
from coach.cues import own_catalogue
from coach.review import (
    Questions,
    Trends,
    agreed_to,
    answered,
    comparison,
    date,
    figures_of,
    noted_view,
    of_same_people,
    session_analysis,
    stopped,
    summary,
    summary_alone,
    trends,
    trends_view,
)
from coach.runtime import ALONE
from coach.sessions import Noted, Store, StoredSession, noted_afterwards

if TYPE_CHECKING:
    from coach.review.page import Section


def show_session(store: Store, session: StoredSession, who: str | None, page: PageFile | None) -> None:
    """Shows one session in the terminal or as a page, with the notes of `who` only."""
    events = list(store.events(session.id))
    noted = None if who is None else _noted(store, session, one_of(session, who, "--for"))
    if who is not None and noted is None:
        say(f"{who} has noted nothing about session {session.id}; `coach afterwards {session.id}` asks")
    if page is not None:
        from coach.review.page import session_page  # imported here because the charting library is slow to load

        whole = session_page(session, events, page.language, kept=store.holds(session))
        put_page(replace(whole, sections=(*whole.sections, *_noted_sections(noted, texts(page.language)))), page)
        return
    marks = [as_seconds(event.at) for event in events if isinstance(event, Marked)]
    looked_at = session_analysis(session, events)
    for sentence in stopped(events, session.keep, texts()):
        Console().print(Text(sentence, style="bold"))
    if session.attribution == ALONE:
        held = figures_of_rounds(account(events), round_before(store, session.id), own_catalogue(load_settings()))
        Console().print(summary_alone(looked_at, held, when=_began(session), marks=marks))
    else:
        Console().print(summary(looked_at, when=_began(session), marks=marks, of_recording=session.of_recording))
    if said := agreed_to(events, texts()):
        Console().print(Text(" ".join(said), style="dim"))
    if noted is not None:
        Console().print(noted_view(noted, Questions.load()))


def _noted(store: Store, session: StoredSession, who: str) -> Noted | None:
    return noted_afterwards(store, session.id, who, lambda: asked_passphrase(f"{who}, your passphrase"))


def show_trends(store: Store, people: str | None, page: PageFile | None) -> None:
    """Shows trends over the sessions of `people`, as typed; None: the people of the latest session."""
    course = _course(store, people)
    if page is not None:
        from coach.review.trends_page import trends_page

        put_page(trends_page(course, page.language), page)
        return
    console = Console()
    console.print(trends_view(course, console.width))


def show_comparison(store: Store, session: int | None, other: int) -> None:
    """Compares two sessions, the earlier one first. `session` None means the latest."""
    one, two = sorted((store.session(session), store.session(other)), key=lambda each: (each.started, each.id))
    if one.id == two.id:
        raise click.UsageError(f"--compare needs a session other than {one.id}; `coach sessions` lists them")
    looked_at = [session_analysis(each, store.events(each.id)) for each in (one, two)]
    Console().print(comparison(looked_at[0], looked_at[1], (_began(one), _began(two))))


def _course(store: Store, people: str | None) -> Trends:
    """Trends of `people`. Computes missing figures under a progress bar, which is slow for long sessions."""
    wanted = Settings().with_options(people=people.split(",")).people if people is not None else ()
    sessions = of_same_people(store.sessions(), wanted)
    return trends(sessions, figures_of(store, sessions, _with_a_bar))


def _noted_sections(noted: Noted | None, says: Texts) -> Iterator[Section]:
    """The last section of a page for one person: that person's notes."""
    if noted is not None:
        from coach.review.page import PageTable, Section

        questions = Questions.load()
        yield Section(
            id="afterwards",
            title=says["noted.title"].format(who=noted.who),
            text=(
                says["noted.alone"].format(who=noted.who),
                *filter(None, [noted.note]),
            ),
            table=PageTable((says["noted.how_much"], says["noted.what"]), tuple(answered(noted, questions)))
            if noted.steps
            else None,
        )


def _with_a_bar(sessions: Sequence[StoredSession]) -> Iterable[StoredSession]:
    return track(
        sessions,
        description="computing figures of sessions for the first time",
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def _began(session: StoredSession) -> str:
    return f"{date(session.started)}, {session.started:%H:%M}"
