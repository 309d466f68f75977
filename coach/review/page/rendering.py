"""A `Page` as one HTML file that needs nothing and asks nobody: style, scripts, charts and figures are inside.

    Page ─► page.html.jinja (every value escaped) ─► HTML
             ├─ page.css         one set of colours for light, one for dark; print is light
             ├─ page.js          draws, tells what is hovered or focused, zooms
             └─ Vega, Vega-Lite  from the installed vl-convert

The page's own policy lets nothing run but the two scripts that were put in here, each known by its SHA-256, and lets
nothing be fetched. Charts evaluate their expressions by Vega's interpreter, so that no text can become code.
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

from coach.review.page.document import Page, Spec

MOST_ROWS = 300  # of a table that stand in the page; nobody reads further, and the file stays small
_BUNDLE = "window.embed = vegaEmbed;"  # what page.js calls


def html(page: Page) -> str:
    """The whole file as text; about 1 MB, nearly all of it the charting library."""
    scripts = [vega(), _own("page.js")]
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            page=page,
            style=Markup(_own("page.css") + _swatches(_own("page.css"))),
            scripts=[Markup(script) for script in scripts],
            policy=policy(scripts),
            most=MOST_ROWS,
        )
    )


@cache
def vega() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, which may stand in a page."""
    import vl_convert

    return inside_a_script(vl_convert.javascript_bundle(_BUNDLE))


def inside_a_script(code: str) -> str:
    r"""JavaScript in which no text can end the script that it stands in.

    >>> inside_a_script('"</script>"')
    '"<\\/script>"'
    """
    return re.sub(r"<(/script|!--)", r"<\\\1", code, flags=re.IGNORECASE)


def packed(spec: Spec) -> str:
    """A chart as base64 of compressed JSON: a tenth as long, and no text in it can be taken for a part of the page."""
    text = json.dumps(spec, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def policy(scripts: list[str]) -> str:
    """The Content-Security-Policy of a page with these scripts: no request, no frame, no form, no other script."""
    known = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return (
        f"default-src 'none'; script-src {known}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _swatches(css: str) -> str:
    """A class for each colour, since keys name theirs: .person-1 { --swatch: var(--person-1) }."""
    names = sorted(set(re.findall(r"--([a-z0-9-]+):", css)))
    return "".join(f".swatch.{name} {{ --swatch: var(--{name}); }}\n" for name in names)


@cache
def _environment() -> Environment:
    environment = Environment(loader=PackageLoader(__package__, ""), autoescape=True, undefined=StrictUndefined)
    environment.filters["packed"] = packed
    return environment


@cache
def _own(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")
