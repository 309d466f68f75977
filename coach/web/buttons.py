"""What the buttons of the pages do: each takes a form, and answers where to go next, or raises what to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from coach.core.errors import BadInput
from coach.core.events import UNKNOWN
from coach.core.names import LONGEST_NAME, SEPARATORS, composed, fault_of, letters, one_line
from coach.core.settings import Settings, data_folder, load_settings
from coach.core.texts import page_languages, texts
from coach.runtime import Options
from coach.sessions import forget_sessions, forget_voice
from coach.web.house import House
from coach.web.rendering import language_of
from coach.web.table import sample_options

MOST_TURNS = 240  # minutes of a turn-taking exercise


class WrongName(BadInput):
    """A name that cannot be, in the field number `place`, counted from 0."""

    def __init__(self, says: str, place: int) -> None:
        super().__init__(says)
        self.place = place


async def ask(house: House, request: Request, form: dict[str, Any]) -> dict[str, Any]:
    """Takes the form of the first page, and begins to ask each person."""
    says = texts(language_of(request))
    names = _names([str(name) for name in _list(form, "people")], says)
    turns = _minutes(form.get("turns", 0))
    if turns and len(names) != 2:
        raise BadInput(says["begin.turns.two"])
    options = Options(
        settings=chosen(form, names), practice=bool(form.get("practice")), turns=turns, shown_in=language_of(request)
    )
    await house.table.ask(options)
    await house.table.ask_also_aloud()
    return {"to": "/agree"}


def _names(written: Sequence[str], says: Mapping[str, str]) -> list[str]:
    """The names of the fields that are not empty. Raises WrongName for the first that cannot be."""
    names: dict[str, str] = {}  # by their small letters
    for place, text in enumerate(written):
        name = composed(text)
        if not name:
            continue
        if any(sign in name for sign in SEPARATORS):
            raise WrongName(says["begin.comma_in_name"], place)
        if letters(name) > LONGEST_NAME:
            raise WrongName(says["begin.long_name"].format(n=letters(name), most=LONGEST_NAME), place)
        if fault_of(name, UNKNOWN):
            raise WrongName(says["begin.odd_name"].format(name=one_line(name)), place)
        if name.casefold() in names:
            raise WrongName(says["begin.same_name"].format(name=name), place)
        names[name.casefold()] = name
    if len(names) < 2:
        raise WrongName(says["begin.two_names"], next((at for at, text in enumerate(written) if not text.strip()), 0))
    return list(names.values())


def _minutes(value: Any) -> float:
    """The length of a turn-taking exercise; 0 is none. Raises BadInput for what no page offers."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_TURNS:
        raise BadInput("the form is not complete (turns)")
    return float(value)


def chosen(form: dict[str, Any], names: list[str]) -> Settings:
    """The settings of the file, with what was chosen on the page. Raises BadSetting."""
    try:
        return load_settings().with_options(
            people=names,
            pause=float(form["pause"]),
            keep=str(form["keep"]),
            cues=str(form["cues"]),
            language=str(form["language"]),
            input=str(form["microphone"]),
            spoken_consent=bool(form.get("spoken_consent")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"the form is not complete ({type(error).__name__})") from error


async def answered(house: House, request: Request, form: dict[str, Any]) -> dict[str, Any]:
    """One person's yes or no."""
    who = str(form.get("who", ""))
    if form.get("back"):
        house.table.take_back()
        return {"to": "/"}
    await house.table.answered(who, yes=form.get("yes") is True, aloud=form.get("aloud") is True)
    if house.table.stage == "begin" or house.table.said_no:
        return {"to": "/?no=1"}
    return {"to": "/live" if house.table.stage == "live" else "/agree"}


async def play_sample(house: House, request: Request, form: dict[str, Any]) -> dict[str, Any]:
    """Begins a session of the sample."""
    await house.table.start(sample_options(Options(settings=load_settings(), shown_in=language_of(request))))
    return {"to": "/live"}


async def command(house: House, request: Request, form: dict[str, Any]) -> dict[str, Any]:
    """Hush, mark, yes, skip or end."""
    wanted = form.get("command")
    if wanted not in ("hush", "mark", "yes", "skip", "end"):
        raise BadInput("there is no such button")
    house.table.command(wanted)
    return {}


async def withdraw(house: House, request: Request, form: dict[str, Any]) -> dict[str, Any]:
    """Somebody no longer agrees."""
    await house.table.withdraw(str(form.get("who", "")))
    return {}


async def language(house: House, request: Request, form: dict[str, Any]) -> dict[str, Any]:
    """Chooses the language of the pages."""
    wanted = str(form.get("language", ""))
    if wanted not in page_languages():
        raise BadInput("there is no such language")
    return {"to": "", "cookie": wanted}


async def forget(house: House, request: Request, form: dict[str, Any]) -> dict[str, Any]:
    """Deletes a session."""
    number = form.get("session")
    if not isinstance(number, int):
        raise BadInput("no session was named")
    if number in (await house.table.elsewhere(), house.table.number):
        raise BadInput(texts(language_of(request))["sessions.running"])
    await run_in_threadpool(forget_sessions, house.store, number)
    house.shelf.forgotten(number)
    return {"to": "/sessions?forgotten=1"}


async def forget_kept_voice(house: House, request: Request, form: dict[str, Any]) -> dict[str, Any]:
    """Deletes a kept voice."""
    await run_in_threadpool(forget_voice, data_folder(), str(form.get("who", "")))
    return {"to": "/settings"}


async def mark_note(house: House, request: Request, form: dict[str, Any]) -> dict[str, Any]:
    """Writes a note to a mark; the page stays as it is, with what else was begun on it."""
    number, at, note = form.get("session"), form.get("at"), " ".join(str(form.get("note", "")).split())
    if not isinstance(number, int) or not isinstance(at, int):
        raise BadInput("no mark was named")
    await run_in_threadpool(house.store.note_mark, number, at, note)
    return {}


async def cancel(house: House, request: Request, form: dict[str, Any]) -> dict[str, Any]:
    """Ends the analysis of a recording."""
    number = form.get("number")
    if isinstance(number, int):
        house.shelf.cancel(number)
    return {}


def _list(form: dict[str, Any], name: str) -> list[Any]:
    value = form.get(name, [])
    return value if isinstance(value, list) else [value]
