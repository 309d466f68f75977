"""Rendering a `Page` to one self-contained HTML file: style, scripts, charts and data are inside.

    Page ─► page.html.jinja (every value escaped) ─► HTML
             ├─ page.css         colours for light and dark; print is light
             ├─ page.js          draws charts, shows tooltips, zooms
             └─ Vega, Vega-Lite  from the installed vl-convert

The page's content security policy allows only its own two scripts, by their SHA-256, and no requests. Vega's
interpreter evaluates the expressions of charts, so that text cannot become code.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from coach.core.invocation import as_called
from coach.core.texts import Texts, texts
from coach.review.page.document import Page, Spec

MOST_ROWS = 300  # rows of a table in the page: nobody reads more, and the file stays small
_BUNDLE = "window.embed = vegaEmbed;"  # the name that page.js uses


def html(page: Page) -> str:
    """The HTML file as text: about 1 MB, nearly all of it the charting library."""
    scripts = [vega(), _own("page.js")]
    says = texts(page.language)
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            page=page,
            t=lambda key, **filled: says[key].format(**filled),
            locale=locale(says),
            style=Markup(_own("page.css") + _swatches(_own("page.css"))),
            scripts=[Markup(script) for script in scripts],
            policy=policy(scripts),
            most=MOST_ROWS,
        )
    )


@cache
def vega() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script that can be embedded in a page."""
    import vl_convert

    return inside_a_script(vl_convert.javascript_bundle(_BUNDLE))


def inside_a_script(code: str) -> str:
    r"""JavaScript in which no text can end the script that contains it.

    >>> inside_a_script('"</script>"')
    '"<\\/script>"'
    """
    return re.sub(r"<(/script|!--)", r"<\\\1", code, flags=re.IGNORECASE)


def locale(says: Texts) -> Spec:
    """How charts write numbers, as part of their configuration."""
    of_thousands = "." if says["decimal"] == "," else ","
    number = {"decimal": says["decimal"], "thousands": of_thousands, "grouping": [3], "currency": ["", ""]}
    return {"locale": {"number": {**number, "percent": says["unit.share"], "minus": "−"}}}


def packed(spec: Spec, locale: Spec) -> str:
    """A chart as base64 of compressed JSON: a tenth as long, and no text in it can be taken for a part of the page."""
    text = json.dumps(spec | {"config": spec["config"] | locale}, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def together(text: str) -> str:
    r"""`text` whose numbers stay on one line with their units.

    >>> together("a breath of 2 s").split(" ")
    ['a', 'breath', 'of', '2\xa0s']
    """
    return re.sub(r"(?<=\d) (?=(?:s|min|h)\b)|(?<=\bn) (?=\d)", "\N{NO-BREAK SPACE}", text)


def policy(scripts: list[str]) -> str:
    """The Content-Security-Policy of a page with these scripts: no request, no frame, no form, no other script."""
    known = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return (
        f"default-src 'none'; script-src {known}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _swatches(css: str) -> str:
    """One CSS class for each colour of the keys: .person-1 { --swatch: var(--person-1) }."""
    names = sorted(set(re.findall(r"--([a-z0-9-]+):", css)))
    return "".join(f".swatch.{name} {{ --swatch: var(--{name}); }}\n" for name in names)


@cache
def _environment() -> Environment:
    environment = Environment(loader=PackageLoader(__package__, ""), autoescape=True, undefined=StrictUndefined)
    environment.filters |= {"packed": packed, "called": as_called, "together": together}
    return environment


@cache
def _own(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")
