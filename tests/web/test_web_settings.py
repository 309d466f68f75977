"""Settings that are changed on the page: what is written into the file, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.core.settings import load_settings, settings_path
from coach.sessions import Store
from tests.web.serving import AtHome, at_home

FILE = """\
# how we like it
pause = 3.0  # a long one
spoken_every = 300.0
keep = "words"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AtHome]:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text(FILE)
    with Store(tmp_path / "coach.db") as store, at_home(store) as home:
        yield home


def test_only_what_was_changed_is_written_and_the_rest_of_the_file_stays_as_it_is(home):
    form = {"pause": 2.5, "quiet_first": 0, "keep": "words", "cues": "full", "language": "de", "names": "Ana, Zoë"}
    assert json.loads(home.sent("/settings", **form).body) == {"to": "/settings?saved=1"}
    lines = settings_path().read_text().splitlines()
    assert lines[:4] == ["# how we like it", "pause = 2.5  # a long one", "spoken_every = 300.0", 'keep = "words"']
    assert sorted(lines[4:]) == ['language = "de"', 'people = ["Ana", "Zoë"]', "quiet_first = 0.0"]
    assert settings_path().stat().st_mode & 0o777 == 0o600
    now = load_settings()
    assert (now.pause, now.quiet_first, now.people, now.cues) == (2.5, 0.0, ("Ana", "Zoë"), "full")


def test_the_breath_may_grow(home):
    assert home.sent("/settings", pause_grows=True).status == 200
    assert load_settings().pause_grows
    assert 'name="pause_grows" checked' in home.got("/settings").body.decode()


def test_answers_may_be_said_aloud(home):
    assert home.sent("/settings", spoken_consent=True).status == 200
    assert load_settings().spoken_consent
    assert 'name="spoken_consent" checked' in home.got("/settings").body.decode()
    assert 'name="spoken_consent" checked' in home.got("/").body.decode()


def test_an_invitation_may_be_asked_for_first(home):
    assert home.sent("/settings", cue_style="ask").status == 200
    assert load_settings().cue_style == "ask"
    assert 'name="cue_style" value="ask" checked' in home.got("/settings").body.decode()


def test_what_is_as_it_ships_again_leaves_the_file(home):
    assert home.sent("/settings", pause=2, keep="stats").status == 200
    assert settings_path().read_text() == "# how we like it\nspoken_every = 300.0\n"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"pause": 9}, "Your breath before answering, in seconds: please a number from 0.5 to 5."),
        ({"pause": None}, "please a number from 0.5 to 5."),
        ({"quiet_first": -1}, "Quiet at the beginning, in seconds: please a number from 0 to 86400."),
        ({"keep_days": 1.5}, "please a number from 0 to 36500."),
        ({"keep": "everything"}, "it can only be one of stats, words, audio"),
        ({"cues": 3}, "it can only be one of"),
        ({"cue_style": "shout"}, "it can only be one of speak, ask"),
        ({"pause_grows": "yes"}, "it can only be true or false"),
        ({"names": "Ana, Ana"}, "the same name twice"),
        ({"names": "Ana, a=b"}, "neither a comma nor an equals sign"),
        ({"voice": "nobody"}, "there is no voice 'nobody'"),
    ],
)
def test_what_is_not_allowed_is_told_and_nothing_is_written(home, form, said):
    answer = home.sent("/settings", **{"language": "de", **form})
    assert answer.status == 400
    assert said in json.loads(answer.body)["says"]
    assert settings_path().read_text() == FILE


def test_a_voice_of_this_machine_is_chosen_and_stays_offered(home):
    assert home.sent("/settings", voice="neural/heart-lower").status == 200
    assert load_settings().voice.endswith("heart-lower")
    page = home.got("/settings").body.decode()
    assert f'<option value="{load_settings().voice}" selected>heart-lower: American female' in page


@pytest.mark.parametrize("voice", ["", "neural/heart-lower"])
def test_where_a_voice_cannot_be_heard_the_page_says_why(home, voice):
    settings_path().write_text('output = "nosuch"\n')
    answer = home.sent("/hear-voice", voice=voice)
    assert answer.status == 400
    assert "speaker" in json.loads(answer.body)["says"]


def test_no_voice_is_heard_during_a_talk(home):
    home.table.stage = "live"
    answer = home.sent("/hear-voice", voice="")
    assert (answer.status, json.loads(answer.body)["says"]) == (400, "Please hear it before or after a talk.")


def test_a_setting_that_is_not_on_the_page_cannot_be_changed_by_it(home):
    home.sent("/settings", spoken_every=1.0, input="other")
    assert settings_path().read_text() == FILE


def test_a_file_with_a_mistake_is_told_of_and_left_alone(home):
    settings_path().write_text("pause = [")
    assert "is not valid TOML" in json.loads(home.sent("/settings", pause=2.5).body)["says"]
    assert settings_path().read_text() == "pause = ["


def test_begin_offers_the_pause_and_the_language_of_the_settings_whichever_they_are(home):
    settings_path().write_text('pause = 1.2\nlanguage = "fr"\n')
    page = home.got("/").body.decode()
    assert '<option value="1.2" selected>' in page
    assert '<option value="fr" selected>fr</option>' in page


def test_the_pages_offer_to_find_the_language(home):
    settings_path().write_text('language = "auto"\n')
    for page in (home.got("/").body.decode(), home.got("/settings").body.decode()):
        assert '<option value="auto" selected>what your first sentences show</option>' in page
