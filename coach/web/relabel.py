"""Who spoke, put right on the page of a session: the same changes as those of `coach relabel`.

Each form is one change, stored beside the events; the page that is shown next is computed anew from them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from coach.core.errors import BadInput
from coach.core.names import composed
from coach.core.span import Span
from coach.core.texts import texts
from coach.core.times import parsed_times
from coach.sessions import Relabelling, relabel, undo_relabelling
from coach.web.house import House
from coach.web.rendering import language_of

Form = dict[str, Any]


async def rename(house: House, request: Request, form: Form) -> dict[str, Any]:
    """Calls people otherwise: `was` holds the names as they were shown, `people` what each is called now."""
    says = texts(language_of(request))
    now = form.get("people", [])
    names = [composed(str(name)) for name in (now if isinstance(now, list) else [now])]
    was = _read(form.get("was"), len(names), len(names))
    if len(set(names)) < len(names):
        raise BadInput(says["relabel.twice"])
    renamed = tuple((old, new) for old, new in zip(was, names, strict=True) if old != new)
    if not renamed:
        raise BadInput(says["relabel.no_change"])
    return await _changed(house, form, Relabelling(renamed=renamed))


async def merge(house: House, request: Request, form: Form) -> dict[str, Any]:
    """Makes two people one: `gone` becomes `stays`."""
    stays, gone = str(form.get("stays", "")), str(form.get("gone", ""))
    if stays == gone:
        raise BadInput(texts(language_of(request))["relabel.same"])
    return await _changed(house, form, Relabelling(merged=((stays, gone),)))


async def stretch(house: House, request: Request, form: Form) -> dict[str, Any]:
    """Puts the time from `from` to `to` right: `then` is JSON, two names who change places, or whose all of it was."""
    span = _times(form, texts(language_of(request)))
    names = _read(form.get("then"), 1, 2)
    if len(names) == 2:
        return await _changed(house, form, Relabelling(swapped=((span.start, span.end, names[0], names[1]),)))
    return await _changed(house, form, Relabelling(given=((span.start, span.end, names[0]),)))


async def undo(house: House, request: Request, form: Form) -> dict[str, Any]:
    """Takes the last change back."""
    number = _number(form)
    await run_in_threadpool(undo_relabelling, house.store, number)
    return {"to": f"/session/{number}"}


async def _changed(house: House, form: Form, change: Relabelling) -> dict[str, Any]:
    number = _number(form)
    await run_in_threadpool(relabel, house.store, number, change)
    return {"to": f"/session/{number}"}


def _number(form: Form) -> int:
    number = form.get("session")
    if not isinstance(number, int):
        raise BadInput("no session was named")
    return number


def _times(form: Form, says: Mapping[str, str]) -> Span:
    span = parsed_times(f"{form.get('from', '')}-{form.get('to', '')}")
    if span is None or not span:
        raise BadInput(says["relabel.times"])
    return span


def _read(text: object, least: int, most: int) -> list[str]:
    """The names in a JSON list of `least` to `most`. Raises BadInput."""
    try:
        names = json.loads(str(text))
    except ValueError:
        names = None
    if (
        not isinstance(names, list)
        or not least <= len(names) <= most
        or not all(isinstance(each, str) for each in names)
    ):
        raise BadInput("the form is not complete")
    return names
