"""The trends page: the terminal's figures, in a small file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from coach.review.page.rendering import html
from coach.review.trends import Trends, headline, told_figure, trends
from coach.review.trends_page import MOST, trends_page
from coach.sessions import StoredSession

MAY = datetime(2024, 5, 3, 19, 30, tzinfo=UTC)


def figure(value, n=9, unit="s", low=None, high=None):
    return {"value": value, "n": n, "unit": unit} | ({} if low is None else {"low": low, "high": high})


def course(count: int, people=("Ana", "Ben"), breath=2.0) -> Trends:
    sessions = [
        StoredSession(id=n + 1, people=people, started=MAY + timedelta(days=n), ended="key", last=0)
        for n in range(count)
    ]
    kept = {
        n + 1: {
            "breath_s": breath if n else 2.0,
            "figures": {
                "answering_pause_median_s": figure(1 + n % 7 / 10, 14, low=0.5, high=30.0),
                "too_soon_share": figure(0.4, 14, "share", 0.2, 0.6),
                "inner_share": figure(None, 0, "share"),
            }
            | {f"holding_s.{who}": figure(4.25) for who in people},
        }
        for n in range(count)
    }
    return trends(sessions, kept)


def figures_of(page):
    return {figure.id: figure for section in page.sections for figure in section.figures}


def test_the_page_shows_the_same_trends_as_the_terminal():
    shown = course(5)
    page = trends_page(shown)
    assert page.title == "Ana and Ben, 5 sessions"
    assert page.sentence == headline(shown)
    assert page.line == "3 May 2024 to 7 May 2024"
    assert page.notes[0] == "The target breath was 2 s throughout (the dashed line)."


def test_every_dot_and_every_row_is_a_stored_figure():
    shown = course(5)
    figures = figures_of(trends_page(shown))
    assert list(figures) == [
        "answering_pause_median_s", "too_soon_share", "inner_share", "holding_s-1", "holding_s-2"
    ]  # fmt: skip
    for line, drawn in zip(shown.lines, figures.values(), strict=True):
        assert [row[2] for row in drawn.table.rows] == [told_figure(line.name, each) for each in line.figures]
        assert [row[0] for row in drawn.table.rows] == ["1", "2", "3", "4", "5"]
        if drawn.spec is not None:
            values = drawn.spec["data"]["values"]
            assert [{k: v for k, v in row.items() if k in ("value", "low", "high")} for row in values] == [
                {k: v for k, v in each.items() if k in ("value", "low", "high")} for each in line.figures
            ]
    says = figures["answering_pause_median_s"].spec["data"]["values"][0]["says"]
    assert says == "3 May 2024, session 1: 1.0 s (0.50 to 30.0 s, n 14)"


def test_each_session_is_one_step_along_however_much_time_lies_between():
    shown = course(4)
    late = replace(shown, began=(*shown.began[:-1], MAY + timedelta(days=900)))
    spec = figures_of(trends_page(late))["answering_pause_median_s"].spec
    assert [row["start"] for row in spec["data"]["values"]] == [1, 2, 3, 4]
    assert spec["encoding"]["x"]["type"] == "quantitative"
    assert spec["encoding"]["x"]["scale"]["domain"] == [1, 4]


def test_a_figure_that_no_session_has_is_described_in_words():
    inner = figures_of(trends_page(course(3)))["inner_share"]
    assert inner.spec is None
    assert "No session has this" in inner.empty


def test_a_wide_interval_does_not_press_the_dots_together():
    drawn = figures_of(trends_page(course(3)))["answering_pause_median_s"].spec
    assert drawn["encoding"]["y"]["scale"]["domain"] == [0.0, 3.0]


def test_the_breath_is_a_line_across_the_pauses_unless_it_changed():
    same, changed = (
        json.dumps(figures_of(trends_page(course(3, breath=b)))["answering_pause_median_s"].spec) for b in (2.0, 3.0)
    )
    assert '"at": 2.0' in same
    assert '"at"' not in changed


def test_with_very_many_sessions_the_latest_have_intervals_and_all_are_small_dots():
    page = trends_page(course(MOST + 500))
    figures = figures_of(page)
    assert len(figures["answering_pause_median_s"].spec["data"]["values"]) == MOST
    assert figures["answering_pause_median_s"].table.rows[-1][0] == str(MOST + 500)
    small = figures["all-answering_pause_median_s"]
    assert len(small.spec["data"]["values"]) == MOST + 500
    assert [row[:2] for row in small.table.rows] == [("2024", "243"), ("2025", "365"), ("2026", "142")]
    assert small.table.rows[0][2] == "1.0 to 1.6 s"
    assert "these charts show all 750" in page.sections[-1].text[0]
    assert not any(section.id == "since" for section in trends_page(course(MOST)).sections)


def test_a_page_of_thousands_of_sessions_is_under_two_megabytes_with_names_only_as_text():
    text = html(trends_page(course(5000, people=("</script><script>alert(1)</script>", "Ben & Co"))))
    assert len(text.encode()) < 2_000_000
    assert "alert(1)</script>" not in text
    assert "Ben &amp; Co" in text
