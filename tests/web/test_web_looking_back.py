"""The pages after a talk, over HTTP: what they say is what is there."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coach.core.events import Consented, Cue, Event, Words
from coach.core.settings import Settings
from coach.core.span import RATE
from coach.core.texts import texts
from coach.sessions import RECORDING, SessionHeader, Store, erase_words_and_sound
from tests.page.page_talk import told
from tests.web.serving import AtHome, at_home

EN = texts("en")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AtHome]:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    with Store(tmp_path / "coach.db") as store, at_home(store) as home:
        yield home


def kept(
    store: Store,
    *more: Event,
    keep: str = "words",
    source: str = "",
    attribution: str = "",
    events: list[Event] | None = None,
) -> int:
    """A stored session of Ana and Ben; one that keeps sound has some."""
    settings = Settings(keep=keep).as_dict()
    people = ("Ana", "Ben")
    number = store.begin(
        SessionHeader(people=people, keep=keep, source=source, attribution=attribution, settings=settings)
    )
    store.write(number, [*(told() if events is None else events), *more])
    if keep == "audio":
        store.sound_folder.mkdir(exist_ok=True)
        store.sound_file(number).write_bytes(b"fLaC")
    return number


def shown(home: AtHome, path: str) -> str:
    answer = home.got(path)
    assert answer.status == 200, answer.body
    return html.unescape(answer.body.decode())


def test_after_a_yes_was_taken_back_page_and_list_say_who_stopped_it_and_that_it_is_erased(home):
    no = Consented(at=90 * RATE, who="Ben", to="listen", yes=False, how="tap")
    number = kept(home.store, no, keep="audio")
    before = shown(home, f"/session/{number}")
    assert EN["session.kept.audio"] in before
    erase_words_and_sound(home.store, number, None)
    page = shown(home, f"/session/{number}")
    assert "Stopped, because Ben asked for it. Words and sound of this talk are erased;" in page
    for path in (f"/session/{number}", "/sessions"):
        assert EN["session.kept.stats"] in shown(home, path)
        assert EN["session.kept.audio"] not in shown(home, path)
    figures = shown(home, f"/session/{number}/figures")
    assert "Words and sound of this talk are erased" in figures
    assert EN["page.kept.stats"] in figures


def test_a_talk_in_which_no_words_were_recognised_is_not_said_to_keep_any(home):
    events = [each for each in told() if not isinstance(each, Words)]
    number = kept(home.store, keep="audio", events=events)
    assert EN["session.kept.sound"] in shown(home, f"/session/{number}")
    number = kept(home.store, events=[replace(e, text=None) if isinstance(e, Words) else e for e in told()])
    assert EN["session.kept.stats"] in shown(home, f"/session/{number}")


def test_the_page_of_a_recording_says_when_the_coach_would_have_sounded(home):
    assert EN["session.cues"] in shown(home, f"/session/{kept(home.store)}")
    page = shown(home, f"/session/{kept(home.store, attribution=RECORDING)}")
    assert EN["session.cues_recording"] in page
    assert EN["session.cues"] not in page


def test_why_no_tone_came_is_read_without_unfolding_it(home):
    early = [each for each in told() if not isinstance(each, Cue) or not each.given]
    page = shown(home, f"/session/{kept(home.store, events=early)}")
    assert f'<details class="card" open><summary><h2>{EN["session.cues"]}</h2></summary><p>No tone followed' in page
    assert "No tone followed" not in shown(home, f"/session/{kept(home.store)}")


def test_the_list_says_which_talk_is_the_sample_and_which_still_runs(home, monkeypatch):
    kept(home.store, source="sample.flac")
    assert f"· {EN['session.sample']} ·" in shown(home, "/sessions")
    header = SessionHeader(people=("Cleo", "Dan"))
    number = home.store.begin(header)
    monkeypatch.setattr(home.store, "running", lambda asked: asked == number)
    assert shown(home, "/sessions").count(EN["sessions.runs"]) == 1


def test_the_sample_counts_neither_as_the_last_talk_nor_among_talks_side_by_side(home):
    first = kept(home.store)
    kept(home.store)
    sample = kept(home.store, source="sample.flac")
    side_by_side = EN["session.trends"].format(n=3)
    assert side_by_side not in shown(home, f"/session/{first}")
    assert side_by_side not in shown(home, f"/session/{sample}")
    assert f'href="/session/{sample}"' not in shown(home, "/")
    kept(home.store)
    assert side_by_side in shown(home, f"/session/{first}")


@pytest.mark.parametrize("of", ["figures", "trends"])
def test_from_the_pages_of_figures_a_link_leads_back_to_the_talk_and_to_all_talks(home, of):
    numbers = [kept(home.store) for _ in range(3)]
    page = shown(home, f"/session/{numbers[1]}/{of}")
    assert f'<a href="/session/{numbers[1]}">← {EN["page.back"]}</a>' in page
    assert f'<a href="/sessions">{EN["page.talks"]}</a>' in page
