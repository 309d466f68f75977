"""Pages from templates, in the language of whoever asks."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from coach.core.errors import BadInput
from coach.core.invocation import as_called
from coach.core.texts import language_for, page_languages, texts
from coach.sessions import NoSession

LANGUAGE = "coach-language"  # the cookie with the language that somebody chose


def render(request: Request, template: str, **values: Any) -> Response:
    """A page in the language of `request`."""
    spoken = language_of(request)
    says = texts(spoken)

    def t(key: str, **filled: Any) -> str:
        return as_called(says[key]).format(**filled)

    others = {code: name for code, name in page_languages().items() if code != spoken}
    html_text = (
        _templates()
        .get_template(template)
        .render(t=t, language=spoken, other_languages=others, path=request.url.path, **values)
    )
    return HTMLResponse(html_text)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("coach.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def language_of(request: Request) -> str:
    """The language of a page: the one that somebody chose, or that the browser asks for."""
    chosen = request.cookies.get(LANGUAGE, "")
    return language_for(chosen if chosen in page_languages() else "", request.headers.get("accept-language", ""))


async def missing(request: Request, error: Any) -> Response:
    """There is no such page."""
    response = render(request, "missing.html.jinja", says="")
    response.status_code = 404
    return response


async def fault(request: Request, error: Any) -> Response:
    """A page that cannot be shown says why."""
    says = texts(language_of(request))["missing.talk"] if isinstance(error, NoSession) else str(error)
    response = render(request, "missing.html.jinja", says=says)
    response.status_code = 404 if isinstance(error, BadInput) else 500
    return response
