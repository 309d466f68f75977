"""The application of `coach open`: which address shows which page, and which button does what.

GET shows a page and changes nothing. Every change is a POST with JSON from one of our own pages (`access.Guard`), and
answers {"to": path} or, with status 400, {"says": one line for the person}; "place" is there if that is about a name.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from coach.core.errors import CoachError
from coach.core.settings import load_settings
from coach.web import buttons, own_settings, pages, relabel
from coach.web.house import House
from coach.web.rendering import LANGUAGE, fault, missing
from coach.web.stream import streaming
from coach.web.trial import heard, opened

UNREAD = JSONResponse({"says": "the form cannot be read"}, 400)
Change = Callable[[House, Request, dict[str, Any]], Awaitable[dict[str, Any]]]


def application(house: House) -> Starlette:
    """The application. Whoever serves it puts `access.Guard` around it."""
    shown = {
        "/": pages.begin,
        "/agree": pages.agree,
        "/live": pages.live,
        "/sessions": pages.sessions,
        "/recordings": pages.recordings,
        "/settings": own_settings.settings,
    }
    changes: dict[str, Change] = {
        "/ask": buttons.ask,
        "/agree": buttons.answered,
        "/sample": buttons.play_sample,
        "/command": buttons.command,
        "/withdraw": buttons.withdraw,
        "/language": buttons.language,
        "/forget": buttons.forget,
        "/forget-voice": buttons.forget_kept_voice,
        "/mark-note": buttons.mark_note,
        "/recordings/cancel": buttons.cancel,
        "/settings": own_settings.change,
        "/hear-voice": own_settings.hear,
        "/relabel/names": relabel.rename,
        "/relabel/merge": relabel.merge,
        "/relabel/stretch": relabel.stretch,
        "/relabel/undo": relabel.undo,
    }
    routes = [
        *(Route(path, _page(house, page)) for path, page in shown.items()),
        *(Route(path, _change(house, change), methods=["POST"]) for path, change in changes.items()),
        Route("/stream", streaming(house.stream)),
        Route("/microphone", _microphone, methods=["POST"]),
        Route("/recordings", _take(house), methods=["POST"]),
        Route("/recordings/state", _jobs(house)),
        Route("/elsewhere", _elsewhere(house)),
        Route("/session/{number:int}", _page(house, pages.session)),
        Route("/session/{number:int}/figures", pages.figures_of(house)),
        Route("/session/{number:int}/trends", pages.trends_of(house)),
        Route("/session/{number:int}/sound", pages.sound_of(house)),
        Mount("/static", StaticFiles(packages=[("coach.web", "static")])),
    ]
    return Starlette(routes=routes, exception_handlers={404: missing, CoachError: fault})


def _page(
    house: House, page: Callable[[House, Request], Awaitable[Response]]
) -> Callable[[Request], Awaitable[Response]]:
    async def shown(request: Request) -> Response:
        return await page(house, request)

    return shown


def _change(house: House, change: Change) -> Callable[[Request], Awaitable[Response]]:
    async def changed(request: Request) -> Response:
        form = await _form(request)
        if form is None:
            return UNREAD
        try:
            done = await change(house, request, form)
        except buttons.WrongName as error:
            return JSONResponse({"says": str(error), "place": error.place}, 400)
        except CoachError as error:
            return JSONResponse({"says": str(error)}, 400)
        response = JSONResponse({"to": done["to"]} if "to" in done else {})
        if "cookie" in done:
            response.set_cookie(LANGUAGE, done["cookie"], samesite="strict", httponly=True, max_age=365 * 86_400)
        return response

    return changed


def _take(house: House) -> Callable[[Request], Awaitable[Response]]:
    """Takes a recording: its name and its people are in the query, its bytes are the body."""

    async def take(request: Request) -> Response:
        asked = request.query_params
        people = [each.strip() for each in asked.get("people", "").split(",") if each.strip()]
        try:
            wanted = load_settings().with_options(people=people or None)
            job = await house.shelf.take(
                asked.get("name", ""), wanted, words=asked.get("words") == "1", body=request.stream()
            )
        except CoachError as error:
            return JSONResponse({"says": str(error)}, 400)
        return JSONResponse(job.told())

    return take


def _jobs(house: House) -> Callable[[Request], Awaitable[Response]]:
    async def jobs(request: Request) -> Response:
        return JSONResponse(house.shelf.told())

    return jobs


def _elsewhere(house: House) -> Callable[[Request], Awaitable[Response]]:
    """The number of the session that another process is recording, null if there is none."""

    async def elsewhere(request: Request) -> Response:
        return JSONResponse({"session": await house.table.elsewhere()})

    return elsewhere


async def _microphone(request: Request) -> Response:
    """Five seconds of a microphone: a level in each line of JSON, and what to say of it in the last."""
    form = await _form(request)
    if form is None:
        return UNREAD
    try:
        source = await run_in_threadpool(opened, str(form.get("microphone", "")))
    except CoachError as error:
        return JSONResponse({"says": str(error)}, 400)
    lines = (json.dumps(each) + "\n" for each in heard(source))
    closing = BackgroundTask(source.close)  # also if the page went away before the first line
    return StreamingResponse(lines, media_type="application/x-ndjson", background=closing)


async def _form(request: Request) -> dict[str, Any] | None:
    """The JSON object of the body; None if it is none."""
    try:
        form = await request.json()
    except ValueError:
        return None
    return form if isinstance(form, dict) else None
