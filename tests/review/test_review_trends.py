"""Trends of the same people: which sessions count, and that they are drawn unchanged."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from coach.core.errors import BadInput
from coach.review.plot import HEIGHT, Plot
from coach.review.trends import breaths_told, headline, of_same_people, trends, trends_view
from coach.sessions import StoredSession

MAY = datetime(2024, 5, 3, 14, 20, tzinfo=UTC)


def session(number: int, *people: str) -> StoredSession:
    began = MAY + timedelta(days=number)
    return StoredSession(id=number, people=people or ("Ana", "Ben"), started=began, ended="key", last=0)


def figure(value, n=9, unit="s", low=None, high=None):
    return {"value": value, "n": n, "unit": unit} | ({} if low is None else {"low": low, "high": high})


def figures(pause=1.0, n=9, breath=2.0, **others):
    return {
        "breath_s": breath,
        "figures": {
            "answering_pause_median_s": figure(pause, n, low=pause and pause - 0.5, high=pause and pause + 0.5),
            "too_soon_share": figure(0.5, n, "share", 0.2, 0.8),
            "inner_share": figure(None, 0, "share"),
            "holding_s.Ana": figure(4.0, n),
            "holding_s.Ben": figure(6.0, n),
        }
        | others,
    }


NOTHING = {"breath_s": 2.0, "figures": {"answering_pause_median_s": figure(None, 0)}}


def course(*kept):
    sessions = [session(n) for n in range(1, len(kept) + 1)]
    return trends(sessions, {each.id: row for each, row in zip(sessions, kept, strict=True)})


def shown(renderable, width=80) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(renderable)
    return console.file.getvalue()


# ----------------------------------------------------------------------------------------------------- whose


def test_trends_cover_exactly_the_same_people_in_any_order_of_names():
    sessions = [
        session(1),
        session(2, "Ben", "Ana"),
        session(3, "Ana", "Ced"),
        session(4, "Ana", "Ben", "Ced"),
        session(5),
    ]
    assert [each.id for each in of_same_people(sessions)] == [1, 2, 5]
    assert [each.id for each in of_same_people(sessions, ["Ced", "Ana"])] == [3]


def test_without_names_trends_are_of_the_people_of_the_latest_session():
    assert [each.id for each in of_same_people([session(1), session(2), session(3, "Eve", "Dan")])] == [3]


def test_sessions_are_in_order_of_start_not_of_number():
    earliest = StoredSession(id=9, people=("Ana", "Ben"), started=MAY - timedelta(days=9), ended="key", last=0)
    assert [each.id for each in of_same_people([session(1), session(2), earliest])] == [9, 1, 2]
    elsewhere = StoredSession(id=9, people=("Eve", "Dan"), started=MAY - timedelta(days=9), ended="key", last=0)
    assert [each.id for each in of_same_people([session(1), session(2), elsewhere])] == [1, 2]


def test_the_error_for_people_without_sessions_lists_those_with_some():
    with pytest.raises(BadInput, match=r"no session of Ana and Eve.*Ana and Ben \(2\); Ana and Ced \(1\)"):
        of_same_people([session(1), session(2), session(3, "Ana", "Ced")], ["Ana", "Eve"])
    with pytest.raises(BadInput, match="no session is stored yet"):
        of_same_people([])


def test_trends_need_three_sessions_and_say_how_many_there_are():
    with pytest.raises(BadInput, match="trends need 3 sessions in which Ana and Ben talked; so far there are 2"):
        course(figures(), figures())
    with pytest.raises(BadInput, match=r"so far there is 1$"):
        course(figures())
    assert len(course(figures(), figures(), figures()).numbers) == 3


def test_a_session_without_measurements_is_skipped():
    with pytest.raises(BadInput, match="so far there are 2"):
        course(figures(), NOTHING, figures())
    assert course(figures(), NOTHING, figures(), figures()).numbers == (1, 3, 4)


# ------------------------------------------------------------------------------------------------- what it says


def test_the_sentence_compares_the_latest_session_with_earlier_ones():
    assert headline(course(figures(0.6), figures(1.9), figures(1.4, n=14))) == (
        "In the latest session the median pause before answering was 1.4 s (0.90 to 1.9 s, n 14); in the 2 before it: "
        "0.60 to 1.9 s."
    )


def test_a_latest_session_without_an_answer_is_said_to_have_none():
    assert "no answer to a share was heard" in headline(course(figures(), figures(), figures(None, n=1)))


def test_a_first_answer_is_not_compared():
    assert headline(course(figures(None), figures(None), figures(1.0))).endswith("no earlier session had one.")


def test_a_changed_breath_is_reported_because_it_changes_the_meaning_of_too_soon():
    assert breaths_told(course(figures(), figures(), figures())) == (
        "The target breath was 2 s throughout (the dashed line)."
    )
    changed = breaths_told(course(figures(breath=2.0), figures(breath=1.0), figures(breath=3.0)))
    assert "changed between 1 and 3 s (now 3 s)" in changed


def test_there_is_a_plot_for_each_figure_and_for_each_persons_held_silences():
    text = shown(trends_view(course(figures(), figures(), figures(1.2, n=11))))
    assert text.startswith("Ana and Ben · 3 sessions · 4 May 2024 to 6 May 2024")
    for title in ("Pause before answering", "Answered sooner than your breath", "Turns that told experience"):
        assert title in text
    assert "Longest silence, Ana" in text
    assert "latest 1.2 s (0.70 to 1.7 s, n 11)" in text
    assert "latest –" in text  # no words, no inner share
    for judging in ("score", "should", "better", "worse", "improve", "progress"):
        assert judging not in text.lower()


@pytest.mark.parametrize("count", [3, 14, 2000])
def test_the_output_fits_a_terminal_of_80_by_40(count):
    lines = shown(trends_view(course(*(figures(1.0 + n % 7 / 3) for n in range(count))))).splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 80


def test_a_narrow_terminal_shows_one_plot_below_the_other():
    text = shown(trends_view(course(figures(), figures(), figures()), width=50), width=50)
    assert max(map(len, text.splitlines())) <= 50
    assert not any(
        "Pause before answering" in line and "Answered sooner than your breath" in line for line in text.splitlines()
    )


def test_names_that_look_like_markup_are_shown_as_they_are():
    sessions = [session(n, "[red]Al", "Ben") for n in (1, 2, 3)]
    text = shown(trends_view(trends(sessions, {n: figures() for n in (1, 2, 3)})))
    assert "[red]Al and Ben" in text
    assert "Longest silence, [red]Al" in text


# ----------------------------------------------------------------------------------------------------- the plot


def drawn(*told, width=40, **options) -> list[str]:
    return [line.plain.rstrip() for line in Plot(told, options.pop("unit", "s"), **options).lines(width)]


def test_the_height_of_a_dot_is_its_value_and_its_line_is_its_interval():
    lines = drawn(figure(0.0, unit="share"), figure(0.6, unit="share", low=0.2, high=0.8), unit="share")
    assert [line.partition("│")[2] for line in lines] == ["", "      │", "      ●", "      │", "      │", "  ○"]
    assert lines[0].startswith("   100% │")
    assert lines[-1].startswith("     0% │")


def test_an_interval_that_reaches_far_beyond_all_dots_is_cut_and_marked():
    lines = drawn(figure(1.0, low=0.5, high=30.0), figure(2.0, low=1.5, high=2.5))
    assert "↑" in lines[0]
    assert lines[0].startswith("    3 s │")


def test_the_breath_is_a_horizontal_line_at_its_value():
    lines = drawn(figure(0.5), figure(1.0), rule=2.0)
    assert lines[0].startswith("    2 s │┄┄")
    assert sum("┄" in line for line in lines) == 1


def test_with_negative_values_the_axis_begins_below_zero():
    assert drawn(figure(-0.4), figure(1.0))[-1].startswith(" −0.4 s │")


def test_if_there_are_too_many_sessions_for_the_width_the_latest_are_shown():
    lines = drawn(*(figure(5.0, low=4.9, high=5.0) for _ in range(200)), figure(5.0), width=40)
    assert max(map(len, lines)) <= 40
    assert lines[0].endswith("○")
    assert len(lines) == HEIGHT


def test_nothing_to_draw_is_an_empty_plot():
    assert len(drawn(None, figure(None))) == HEIGHT
    assert "●" not in "".join(drawn(None, figure(None)))
