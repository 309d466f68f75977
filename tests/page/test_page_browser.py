"""The page in Chromium: mouse, keyboard, dark mode, small screens, print; no network access."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from coach.review import session_analysis
from coach.review.page import html, write_page
from tests.page.page_talk import ANA, BEN, CODE, session, talk_page, told

CHARTS = 8
MOMENT = 300  # milliseconds; Vega redraws within a frame or two


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.html"
    write_page(path, html(talk_page()))
    return path


class Seen:
    """The browser's errors, and its requests."""

    def __init__(self, page: Page) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    """The page, drawn; checks after each test that there were no errors and no requests."""
    with browser.new_context(viewport={"width": 1000, "height": 800}, offline=True) as context:
        page = context.new_page()
        seen = Seen(page)
        opened(page, file)
        yield page
        assert seen.said == []
        assert seen.asked == [file.as_uri()]


def opened(page: Page, file: Path) -> None:
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-drawn]", timeout=60_000)


def mark(page: Page, says: str, figure: str = "timeline") -> Locator:
    return page.locator(f"#{figure} svg [aria-roledescription]").and_(page.get_by_label(says)).first


def width(page: Page, says: str) -> float:
    box = mark(page, says).bounding_box()
    assert box is not None
    return box["width"]


def tip(page: Page) -> Locator:
    return page.locator("#tip")


# ----------------------------------------------------------------------------------------------- what there is to see


def test_every_chart_is_drawn_and_described(page):
    labels = page.locator(".drawing:has(svg)").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert len(labels) == CHARTS
    assert f"Timeline of {ANA} and {BEN}: 8 turns in 1:40." in labels
    assert all(labels)


def test_figures_on_the_page_equal_those_of_the_analysis_digit_for_digit(page):
    statistics = session_analysis(session(), told())["statistics"]
    cells = page.locator("#numbers tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    values = {cell[0]: None if cell[1] == "–" else json.loads(cell[1]) for cell in cells}
    assert {name: (values[name], int(n)) for name, _, _, n, *_ in cells} == {
        name: (figure["value"], figure["n"]) for name, figure in statistics.items()
    }
    alone = page.locator("data[data-figure]").evaluate_all(
        "all => all.map(one => [one.dataset.figure, one.value, one.dataset.n])"
    )
    assert len(alone) > 10
    for name, value, n in alone:
        assert (json.loads(value), int(n)) == (statistics[name]["value"], statistics[name]["n"])


def test_text_that_looks_like_code_is_shown_as_text(page):
    assert page.title() == f"{ANA} and {BEN}, 3 May 2024"
    assert page.get_by_role("heading", level=1).inner_text() == page.title()
    page.locator("#timeline details.table summary").click()
    cells = page.locator("#timeline td").all_inner_texts()
    assert CODE in cells
    assert any(cell.endswith(f"{CODE}”") for cell in cells)
    assert page.locator("img").count() == 0


def test_only_the_pages_own_scripts_may_run(browser, file, tmp_path):
    whole = file.read_text(encoding="utf-8")
    changed = tmp_path / "changed.html"
    changed.write_text(whole.replace("<main", "<script>document.title = 'taken over'</script><main", 1))
    with browser.new_context() as context:
        page = context.new_page()
        opened(page, changed)
        assert page.title() != "taken over"


# ---------------------------------------------------------------------------------------------------- hover and focus


def test_hovering_over_a_turn_shows_its_times_and_words(page):
    mark(page, f"{ANA}, 0:20 to 0:28").hover()
    expect(tip(page)).to_have_text(f"{ANA}, 0:20 to 0:28, 8.0 s: a share – “Then the train was late.”")
    page.mouse.move(2, 2)
    expect(tip(page)).to_be_hidden()


def test_the_arrow_keys_move_from_mark_to_mark_in_time_and_show_the_same(page):
    page.locator("#timeline .chart").focus()
    heard = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "Home"):
        page.keyboard.press(key)
        heard.append(tip(page).inner_text().split(":")[0] + ":" + tip(page).inner_text().split(":")[1][:2])
    first, last = f"{ANA}, 0:00", "not heard, 1:20"
    assert heard == [first, "silence, 0:08", first, last, first]
    page.keyboard.press("Escape")
    expect(tip(page)).to_be_hidden()


def test_every_control_is_reached_by_the_tab_key_in_the_order_of_the_page(page):
    stops = []
    for _ in range(30):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                "() => { const e = document.activeElement, b = e.getBoundingClientRect();"
                "  return [e.className || e.id || e.textContent, b.top + scrollY, b.width > 0] }"
            )
        )
    assert [name for name, _, _ in stops[:2]] == ["skip", "theme"]
    tops = [top for _, top, _ in stops[1:]]
    assert all(later >= earlier - 40 for earlier, later in pairwise(tops))  # within a line
    assert all(seen for _, _, seen in stops)


def test_the_small_i_shows_the_definition_and_the_count(page):
    term = page.locator("dt").filter(has_text="Silences over 5 s")
    term.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(term.locator(".count")).to_have_text("7 in all")


def test_figures_of_two_people_stand_side_by_side_with_their_details_below(page):
    table = page.locator("#silences .beside")
    assert table.locator("thead th").all_inner_texts() == [ANA, BEN]
    row = table.locator("tbody tr", has_text="Longest silence")
    assert row.locator("td").all_inner_texts() == ["9.0 s\nof 3 silences", "3.5 s\nof 3 silences"]
    row.locator("summary").click()
    expect(row.locator(".says")).to_have_text(
        "The longest silence that this person, as the listener, left before answering; an “mm-hm” ends a silence. "
        f"{ANA}: 3 in all. {BEN}: 3 in all."
    )
    row.locator("summary").click()


# ---------------------------------------------------------------------------------------------------------------- zoom


def test_the_buttons_show_a_part_of_the_time_and_all_of_it_again(page):
    told_of = f"{ANA}, 0:40 to 0:48"
    whole = width(page, told_of)
    page.click("#timeline [data-zoom=in]")
    page.wait_for_timeout(MOMENT)
    assert width(page, told_of) == pytest.approx(2 * whole, rel=0.1)
    left = mark(page, told_of).bounding_box()
    page.click("#timeline [data-zoom=on]")
    page.wait_for_timeout(MOMENT)
    moved = mark(page, told_of).bounding_box()
    assert left is not None
    assert moved is None or moved["x"] < left["x"]
    page.click("#timeline [data-zoom=all]")
    page.wait_for_timeout(MOMENT)
    assert width(page, told_of) == pytest.approx(whole, rel=0.02)


def test_the_wheel_zooms_only_with_shift_so_that_the_page_can_be_scrolled(page):
    told_of = f"{ANA}, 0:40 to 0:48"
    whole = width(page, told_of)
    mark(page, told_of).hover()
    page.keyboard.down("Shift")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Shift")
    page.wait_for_timeout(MOMENT)
    closer = width(page, told_of)
    assert closer > 1.2 * whole
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(MOMENT)
    assert width(page, told_of) == pytest.approx(closer, rel=0.02)
    assert page.evaluate("scrollY") > 0


def test_a_moment_in_a_table_is_shown_in_the_timeline(page):
    page.get_by_role("button", name="Show 0:27 in the timeline").first.click()
    expect(tip(page)).to_contain_text(f"{BEN}, 0:27 to 0:31, 3.5 s: turn")
    assert width(page, f"{BEN}, 0:27 to 0:31") > 60  # pixels; without zoom it has thirty


# ------------------------------------------------------------------------------------------------ light, dark, sizes


def test_dark_and_light_follow_the_system_until_somebody_chooses(browser, file):
    def paper(page: Page) -> int:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(",")))

    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        opened(page, file)
        bar = "getComputedStyle(document.querySelector('#timeline .mark-rect path[aria-label]')).fill"
        dark, dark_bar = paper(page), page.evaluate(bar)
        page.get_by_role("button", name="Light").click()
        assert dark < 150
        assert paper(page) > 600
        assert page.evaluate(bar) != dark_bar
        page.get_by_role("button", name="Dark").click()
        assert paper(page) == dark
        page.emulate_media(color_scheme="light")
        assert paper(page) == dark


@pytest.mark.parametrize("pixels", [360, 800, 1600])
def test_the_page_fits_screens_from_a_phone_to_a_wall(page, pixels, tmp_path):
    page.set_viewport_size({"width": pixels, "height": 800})
    page.wait_for_timeout(MOMENT)
    for each in page.locator("details").all():
        each.evaluate("each => { each.open = true }")
    assert page.evaluate("document.documentElement.scrollWidth") <= pixels
    inside = page.locator(".chart svg").evaluate_all(
        "all => all.every(one => one.getBoundingClientRect().right <= document.documentElement.clientWidth)"
    )
    assert inside
    assert len(page.screenshot(path=tmp_path / "page.png", full_page=True)) > 20_000


def test_on_paper_there_are_charts_and_definitions_but_no_buttons(page):
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator("button:not(.moment):visible, nav:visible, summary:visible").count() == 0
    assert page.locator(".chart svg:visible").count() == CHARTS
    assert page.locator(".info .says:visible").count() == page.locator(".info .says").count() > 10
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0
    page.emulate_media(media="screen")
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    assert 2 <= paper.count(b"/Type /Page\n") <= 9


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page, scheme):
    page.emulate_media(color_scheme=scheme)
    for each in page.locator("details").all():
        each.evaluate("each => { each.open = true }")
    found = Axe().run(page).response["violations"]
    assert [(one["impact"], one["id"]) for one in found if one["impact"] in ("serious", "critical")] == []


def test_without_javascript_the_tables_contain_everything(browser, file):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(file.as_uri())
        assert page.locator("#timeline tbody tr").count() > 15
