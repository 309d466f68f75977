"""The pages: each shows something, and changes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from coach.audio import portaudio, silence_native_stderr
from coach.coaching import turn_questions
from coach.core.errors import CoachError, NotWritable
from coach.core.events import UNKNOWN, Cue, Event
from coach.core.languages import named_languages
from coach.core.settings import AUTO_LANGUAGE, load_settings
from coach.core.span import as_seconds
from coach.core.texts import Texts, texts
from coach.cues import own_catalogue
from coach.diarization import MOST_PEOPLE
from coach.review import (
    FEWEST_FOR_TRENDS,
    Analysis,
    clock,
    date,
    in_a_row,
    lasting,
    looked_back,
    of_same_people,
    of_sample,
    put_right_told,
    session_analysis,
    trends,
)
from coach.review import figures_of as figures_of_sessions
from coach.review.page import html, session_page
from coach.review.trends_page import trends_page
from coach.runtime import Options
from coach.sessions import DiskFull, Store, StoredSession, relabellings
from coach.web.house import House
from coach.web.rendering import language_of, missing, render

PAUSES = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)  # seconds; that of the settings is offered as well


async def begin(house: House, request: Request) -> Response:
    """Names, microphone, what is kept, which cues: everything before a session."""
    if house.table.stage == "live":
        return RedirectResponse("/live", 303)
    if house.table.asking is not None and house.table.asking.hears:
        return RedirectResponse("/agree", 303)
    before = house.table.chosen or Options(settings=load_settings())
    chosen = before.settings
    found = await run_in_threadpool(_microphones)
    latest = await run_in_threadpool(_latest, house.store)
    elsewhere = await house.table.elsewhere()
    return render(
        request,
        "begin.html.jinja",
        settings=chosen,
        turns=before.turns,
        practice=before.practice,
        microphones=found,
        languages=spoken_languages(chosen.language, texts(language_of(request))),
        pauses=sorted({*PAUSES, chosen.pause}),
        names=[*chosen.people, "", ""][: max(2, len(chosen.people))],
        most=MOST_PEOPLE,
        latest=latest,
        elsewhere=elsewhere,
        fault=house.table.fault,
        said_no=request.query_params.get("no", ""),
        nothing=request.query_params.get("nothing", ""),
    )


async def agree(house: House, request: Request) -> Response:
    """Each person says yes or no for themselves."""
    if house.table.asking is None:
        return RedirectResponse("/", 303)
    asking = house.table.asking
    return render(request, "agree.html.jinja", asking=asking, options=asking.options)


async def live(house: House, request: Request) -> Response:
    """The breath, who speaks, and three buttons."""
    if house.table.stage != "live":
        return RedirectResponse("/", 303)
    return render(request, "live.html.jinja", state=house.table.state(), lan=house.lan())


async def sessions(house: House, request: Request) -> Response:
    """All talks, the latest first."""
    stored = await run_in_threadpool(house.store.sessions)
    says = texts(language_of(request))
    rows = await run_in_threadpool(lambda: [_row(house.store, each, says) for each in reversed(stored)])
    return render(request, "sessions.html.jinja", rows=rows, forgotten=request.query_params.get("forgotten", ""))


def _row(store: Store, stored: StoredSession, says: Texts) -> dict[str, Any]:
    """One talk in the list: who, when, how long, whether it still runs, and what is kept of it."""
    runs = stored.ended is None and store.running(stored.id)
    return {
        "number": stored.id,
        "people": in_a_row(stored.people, says) or "–",
        "when": _when(stored.started, says),
        "lasted": says["sessions.runs"] if runs else lasting(as_seconds(stored.last)),
        "sample": of_sample(stored),
        "kept": store.holds(stored),
    }


def _when(at: datetime, says: Texts) -> str:
    return f"{date(at, says)}, {at:%H:%M}"


async def session(house: House, request: Request) -> Response:
    """Looking back: three sentences, a moment, one thing to try; the rest folds away."""
    return await run_in_threadpool(_looked_back, house, request)


def _looked_back(house: House, request: Request) -> Response:
    stored = house.store.session(request.path_params["number"])
    events = list(house.store.events(stored.id))
    analysis = session_analysis(stored, events, words=stored.keep != "stats")
    language = language_of(request)
    back = looked_back(analysis, events, texts(language), of_recording=stored.of_recording)
    return render(
        request,
        "session.html.jinja",
        session=stored,
        title=in_a_row(stored.people, texts(language)),
        when=_when(stored.started, texts(language)),
        made=lambda at: _when(at, texts(language)),
        lasted=lasting(as_seconds(stored.last)),
        kept=house.store.holds(stored),
        sample=of_sample(stored),
        back=back,
        said=back.said,
        marks=back.marks,
        transcript=[turn for turn in analysis["turns"] if turn["text"]],
        sound=house.store.sound_file(stored.id).is_file(),
        clock=clock,
        questions=_questions(stored, events, analysis["settings"]["language"]),
        together=_together(house.store, stored),
        **_who_spoke(house.store, stored, analysis, texts(language)),
    )


def _questions(stored: StoredSession, events: Sequence[Event], language: str) -> list[str]:
    """A question for each person after they took turns by the clock, as in the terminal; none after a free talk."""
    if not any(isinstance(event, Cue) and event.kind == "turn_over" for event in events):
        return []
    catalogue = own_catalogue(replace(load_settings(), language=language))
    return [line.text for line in turn_questions(catalogue, stored.people)]


def _together(store: Store, stored: StoredSession) -> int:
    """How many sessions there are of the same people, if enough for trends; 0 otherwise."""
    may = stored.people and not of_sample(stored)
    same = len(of_same_people(store.sessions(), stored.people)) if may else 0
    return same if same >= FEWEST_FOR_TRENDS else 0


def _who_spoke(store: Store, stored: StoredSession, analysis: Analysis, says: Mapping[str, str]) -> dict[str, Any]:
    """What the page needs to put right who spoke: everybody heard, and the history, the latest change first."""
    history = [(each, "; ".join(put_right_told(each.relabelling, says))) for each in relabellings(store, stored.id)]
    return {
        "heard": list(dict.fromkeys([*analysis["people"], *(turn["who"] for turn in analysis["turns"])])),
        "history": list(reversed(history)),
        "unknown": UNKNOWN,
        "running": store.running(stored.id),
    }


async def recordings(house: House, request: Request) -> Response:
    """Where recordings are dropped."""
    return render(request, "recordings.html.jinja")


def spoken_languages(chosen: str, says: Mapping[str, str]) -> dict[str, str]:
    """The languages to choose from, by code, "auto", and the one of the settings, whichever it is."""
    offered = {**named_languages(), AUTO_LANGUAGE: says["begin.spoken.auto"]}
    return offered if chosen in offered else {**offered, chosen: chosen}


def figures_of(house: House) -> Callable[[Request], Awaitable[Response]]:
    """Every figure of a session: the self-contained page, which brings its own content policy."""

    def made(number: int, language: str) -> str:
        stored = house.store.session(number)
        events = house.store.events(stored.id)
        page = session_page(stored, events, language, kept=house.store.holds(stored))
        return html(replace(page, links=_links(number, texts(language))))

    async def figures(request: Request) -> Response:
        text = await run_in_threadpool(made, request.path_params["number"], language_of(request))
        return HTMLResponse(text, headers={"content-security-policy": "frame-ancestors 'none'"})

    return figures


def trends_of(house: House) -> Callable[[Request], Awaitable[Response]]:
    """The sessions of the same people as in this one, side by side: a page like that of the figures."""

    def made(number: int, language: str) -> str:
        stored = house.store.sessions()
        same = of_same_people(stored, house.store.session(number).people)
        page = trends_page(trends(same, figures_of_sessions(house.store, same)), language)
        return html(replace(page, links=_links(number, texts(language))))

    async def shown(request: Request) -> Response:
        text = await run_in_threadpool(made, request.path_params["number"], language_of(request))
        return HTMLResponse(text, headers={"content-security-policy": "frame-ancestors 'none'"})

    return shown


def _links(number: int, says: Texts) -> tuple[tuple[str, str], ...]:
    """From a page of figures back to that of the talk, and to all talks."""
    return (f"/session/{number}", says["page.back"]), ("/sessions", says["page.talks"])


def sound_of(house: House) -> Callable[[Request], Awaitable[Response]]:
    """The kept sound of a session."""

    async def sound(request: Request) -> Response:
        path = house.store.sound_file(request.path_params["number"])
        return FileResponse(path, media_type="audio/flac") if path.is_file() else await missing(request, None)

    return sound


def _latest(store: Store) -> StoredSession | None:
    """The latest session but for the sample; None if there is none, also where nothing can be stored."""
    with suppress(DiskFull, NotWritable):
        return next((each for each in reversed(store.sessions()) if not of_sample(each)), None)
    return None


def _microphones() -> list[str]:
    """The names of the microphones that are plugged in now, the default one first; none without PortAudio."""
    try:
        with silence_native_stderr():
            portaudio().refresh_unless_used()
            devices = [device for device in portaudio().devices() if device.inputs]
    except CoachError:
        return []
    return [device.name for device in sorted(devices, key=lambda one: (not one.default_input, one.index))]
