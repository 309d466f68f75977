"""An HTML page to look at, keep or print: one file that needs no network, with Vega-Lite charts.

    session_page(session, events) ─► Page ─► html(page) ─► write_page(path, html)

`document` holds the parts of a page, `drawing` builds charts, and `rendering` produces the file. Other pages use the
same parts:

    rows = [{"session": 3, "median": 1.4, "says": "Session 3: 1.4 s"}, …]
    line = mark("line", point=True, encoding={"x": {"field": "session"}, "y": {"field": "median", **measuring("s")}})
    figure = Figure(id="course", title="Median pause", label="…", about="…", n=len(rows),
                    spec=chart(rows, line, label="…", height=200), table=Table(("Session", "Median"), …))
    page = Page(title="…", line="…", sentence="…", sections=(Section(id="s", title="…", figures=(figure,)),))
    write_page(path, html(page))

Every row of a chart has "says", the sentence that appears on hover and focus. When all charts are drawn, `<html>` gets
the attribute `data-drawn`, so that a browser can take a screenshot.
"""

from coach.review.page.document import Figure, Number, Page, PageTable, Section
from coach.review.page.drawing import (
    along_time,
    by_name,
    chart,
    counting,
    ink,
    lanes,
    mark,
    measuring,
    person_inks,
    rule_at,
)
from coach.review.page.file import write_page
from coach.review.page.rendering import html
from coach.review.page.session import session_page

__all__ = [
    "Figure",
    "Number",
    "Page",
    "PageTable",
    "Section",
    "along_time",
    "by_name",
    "chart",
    "counting",
    "html",
    "ink",
    "lanes",
    "mark",
    "measuring",
    "person_inks",
    "rule_at",
    "session_page",
    "write_page",
]
