"""A language is a folder: one that is put among a person's own is spoken, understood and shown, and its gaps are told.

The folder is made for the test; no code knows the language.
"""

from __future__ import annotations

import json
import shutil
import socket
from datetime import datetime
from pathlib import Path
from runpy import run_path
from typing import Literal
from unicodedata import normalize

import pytest

from coach.asr import choose_for
from coach.cli import doctor
from coach.cli.main import main
from coach.coaching import Catalogue, wish_in, wording_languages
from coach.coaching.short_answers import answer_in, consent_in
from coach.core.errors import BadSetting
from coach.core.events import Cue, Hushed, Notice, Words
from coach.core.languages import SHIPPED, languages
from coach.core.messages import Message, in_page_languages
from coach.core.settings import Settings
from coach.core.texts import texts
from coach.core.understood import check_understood
from coach.cues import cue_language, own_catalogue
from coach.cues.shipped import ShippedVoice
from coach.meaning import read
from coach.review import wording
from coach.runtime import Who, analyse, language_faults, left_out, segment_events
from coach.runtime.languages import not_understood
from coach.runtime.live import offers_spoken_answers
from coach.sessions import SessionHeader, Store
from tests.asr.finding import Finding
from tests.made_language import CODE, NAME, UNDERSTOOD, backwards, edited, made_language
from tests.runtime.staged import PEOPLE, Script, excerpt
from tests.web.serving import asked, at_home

INWARD = "…and how is that in you?"
SPOKEN = Settings(language=CODE)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def folder() -> Path:
    return made_language()


# ----------------------------------------------------------------------------------------------------- what it says


def test_its_wordings_are_spoken(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert own_catalogue(SPOKEN).wording("inward") == backwards(INWARD) == "…dna woh si taht ni uoy?"
    assert main(["cues", "--language", CODE]) == 0
    assert backwards(INWARD) in capsys.readouterr().out


def test_a_persons_own_wordings_are_a_copy_of_it(folder: Path, tmp_path: Path) -> None:
    assert main(["cues", "--language", CODE, "off", "inward"]) == 0
    assert not own_catalogue(SPOKEN)["inward"].enabled
    assert (tmp_path / "data" / "coach" / "cues" / f"{CODE}.toml").is_file()


def test_as_long_as_the_language_is_not_known_that_of_the_system_is_spoken(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", f"{CODE}_YY.UTF-8")
    assert cue_language(Settings(language="auto")) == CODE


def test_its_recordings_are_played(folder: Path) -> None:
    assert ShippedVoice(CODE).recording(backwards(INWARD)) is None
    voice = folder / "voice"
    voice.mkdir()
    shutil.copy(SHIPPED / "en" / "voice" / "inward-1.ogg", voice / "inward-1.ogg")
    index = {"voice": "", "says": "a friend", "wordings": {backwards(INWARD): "inward-1.ogg"}}
    (voice / "index.json").write_text(json.dumps(index), encoding="utf-8-sig")
    assert ShippedVoice(CODE).recording(backwards(INWARD)) == voice / "inward-1.ogg"


@pytest.mark.parametrize(
    ("index", "told"),
    [
        ("{", "is not valid JSON: "),
        ("[]", "must be an object with voice, says and wordings, as in en/voice"),
        ('{"voice": 1}', "voice must be text in quotes"),
        ('{"says": []}', "says must be text in quotes"),
        ('{"wordings": []}', "wordings must give the name of a file beside it for each wording"),
        ('{"wordings": {"a": 1}}', "wordings must give the name of a file beside it for each wording"),
        ('{"wordings": {"a": "../x.ogg"}}', "wordings must give the name of a file beside it for each wording"),
        ('{"wordings": {"a": "/x.ogg"}}', "wordings must give the name of a file beside it for each wording"),
        ('{"wordings": {"a": "..\\\\x.ogg"}}', "wordings must give the name of a file beside it for each wording"),
    ],
)
def test_a_mistake_in_the_index_of_its_recordings_is_told(index: str, told: str, folder: Path) -> None:
    (folder / "voice").mkdir()
    (folder / "voice" / "index.json").write_text(index, encoding="utf-8")
    (fault,) = language_faults()
    assert fault.startswith(str(folder / "voice" / "index.json"))
    assert told in fault
    with pytest.raises(BadSetting, match=r"index\.json"):
        ShippedVoice(CODE)


def test_without_an_index_it_has_no_recordings(folder: Path) -> None:
    (folder / "voice").mkdir()
    assert language_faults() == []
    assert ShippedVoice(CODE).recording(backwards(INWARD)) is None


# ------------------------------------------------------------------------------------------------ what it understands


def test_a_talk_in_it_is_understood_from_its_lists(folder: Path, tmp_path: Path) -> None:
    said = ("Te na, ka ru mesi", "Hoi nu. Sa!", "Velo. Hcaoc, muk lo.")
    found = analyse(excerpt(tmp_path, 0.0, 60.0), Who(people=PEOPLE), SPOKEN, Script(*said))
    words = {event.text: event for event in found.events if isinstance(event, Words)}
    assert set(said) <= set(words)
    assert [(words[text].question, words[text].acknowledgement) for text in said] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert [event.on for event in found.events if isinstance(event, Hushed)][:1] == [True]


def test_commands_answers_and_requests_are_understood(folder: Path) -> None:
    assert [wish_in(text, CODE) for text in ("Hcaoc, tavi pil.", "Hcaoc, mirat ne.", "Coach, quiet.")] == [
        "go on",
        "stop",
        None,
    ]
    assert [answer_in(text, CODE) for text in ("Em, sa nu.", "Pil.", "Ko.", "Yes.")] == ["yes", "yes", "no", None]
    assert [consent_in(text, CODE) for text in ("Sa nu.", "Tavi.")] == ["yes", None]
    assert [read(text, CODE).request for text in ("Te dola ke velo.", "Velo mesi, pil.", "Velo mesi.")] == [
        True,
        True,
        False,
    ]
    assert offers_spoken_answers(Settings(language=CODE, spoken_consent=True))


FRENCH = """\
[commands]
names = ["coach", "mon coach"]
quiet = ["tais-toi"]
go_on = ["vas-y"]
stop = ["n’écoute plus"]
stop_names = ["coach"]
courtesy = ["s'il te plaît"]

[answers]
certain = ["oui", "bien sûr"]
yes = ["oui", "bien sûr", "vas-y", "d'accord"]
no = ["non", "pas maintenant"]
please = ["s’il te plaît"]
courtesy = ["bon"]

[talk]
acknowledgements = ["d’accord"]
openers = []
questions = ["qu'est-ce que", "où étais-tu"]
rhetorical = []
contact = []
requests = []
polite = ["s'il te plaît"]
haste = []
"""


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_phrases_are_split_into_words_as_speech_is(apostrophe: str, form: Literal["NFC", "NFD"], folder: Path) -> None:
    def said(text: str) -> str:
        return normalize(form, text.replace("'", apostrophe))

    (folder / "understood.toml").write_text(normalize("NFD", FRENCH), encoding="utf-8")
    commands = ("Mon coach, tais-toi.", "Coach, vas-y, s'il te plaît.", "S'il te plaît, coach, n'écoute plus.")
    assert [wish_in(said(text), CODE) for text in commands] == ["quiet", "go on", "stop"]
    assert wish_in(said("Coach, n'écoute plus s'il te plaît à lui."), CODE) is None
    answers = ("Vas-y.", "S'il te plaît.", "D'accord, s'il te plaît.", "Bon, s'il te plaît, oui.", "Pas maintenant.")
    assert [answer_in(said(text), CODE) for text in answers] == ["yes", "yes", "yes", "yes", "no"]
    assert answer_in(said("S'il te plaît, il vient."), CODE) is None
    certain = ("Oui, s'il te plaît.", "Bien sûr.", "D'accord.")
    assert [consent_in(said(text), CODE) for text in certain] == ["yes", "yes", None]
    assert read(said("D'accord."), CODE).acknowledgement
    assert [read(said(text), CODE).question for text in ("qu'est-ce que tu fais", "Où étais-tu hier")] == [True, True]
    assert read(said("Viens, s'il te plaît."), CODE).request


def test_whisper_may_know_it_under_another_code(folder: Path) -> None:
    other = made_language("yy")
    (other / "language.toml").write_text(f'name = "{NAME}"\nwhisper = "en"\n', encoding="utf-8")
    engine, _ = choose_for(Settings(language="yy", transcriber="moonshine"))
    assert engine is not None
    engine.close()
    with pytest.raises(BadSetting, match=f"English only, not {CODE};"):
        choose_for(Settings(language=CODE, transcriber="moonshine"))


# -------------------------------------------------------------------------------------------------- what pages show


def test_pages_are_shown_in_it_and_offered_in_the_others(folder: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "coach.db") as store, at_home(store) as home:

        def page(accepted: str) -> str:
            return asked(home.port, cookie=home.cookie, accept_language=accepted).body.decode()

        assert f"<h1>{texts(CODE)['begin.title']}</h1>" in page(CODE)
        assert f"<h1>{texts('de')['begin.title']}</h1>" in page("de")
        for other, name in {"en": "English", "de": "Deutsch"}.items():
            assert f'lang="{other}"' in page(CODE)
            assert f">{name}</button>" in page(CODE)
            assert f">{NAME}</button>" in page(other)
        assert f'<option value="{CODE}">{NAME}</option>' in page("en")
        assert home.sent("/language", language=CODE).status == 200
        assert home.sent("/language", language="yy").status == 400


def test_notices_of_the_live_page_are_shown_in_it(folder: Path) -> None:
    marked = Message("notice.marked")
    assert in_page_languages(marked) == {"en": "marked", "de": "gemerkt", CODE: backwards("marked")}


def test_a_mistake_in_its_pages_leaves_notices_in_english(folder: Path) -> None:
    edited(folder, "pages.toml", "emaN {n}", "emaN")
    marked = Message("notice.marked")
    assert marked.in_language(CODE) == "marked"
    assert in_page_languages(marked) == {"en": "marked", "de": "gemerkt"}


def test_the_page_of_a_session_is_written_in_it(folder: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "data" / "coach" / "coach.db") as store:
        store.begin(SessionHeader(people=PEOPLE, settings=SPOKEN.as_dict()))
    page = tmp_path / "talk.html"
    assert main(["review", "--page", str(page), "--language", CODE]) == 0
    assert f'lang="{CODE}"' in page.read_text(encoding="utf-8")
    assert main(["review", "--page", str(tmp_path / "no.html"), "--language", "yy"]) == 2


# --------------------------------------------------------------------------------------------------- what is missing


def told_of(tmp_path: Path) -> list[str]:
    found = analyse(excerpt(tmp_path, 0.0, 8.0), Who(people=PEOPLE), SPOKEN, Script("Mesi velo."))
    return [event.text for event in found.events if isinstance(event, Notice)]


def test_what_it_cannot_do_is_told_once_in_one_line(folder: Path, tmp_path: Path) -> None:
    assert told_of(tmp_path) == [
        "depth is judged in English only, so nobody is invited inward in 'xx'; pauses, turns and tones work as always"
    ]


def test_what_it_does_not_understand_is_told_in_the_same_line(folder: Path, tmp_path: Path) -> None:
    (folder / "understood.toml").unlink()
    assert told_of(tmp_path) == [
        "depth is judged in English only, so nobody is invited inward in 'xx'; it does not understand questions, "
        "commands, or yes and no there; pauses, turns and tones work as always"
    ]
    assert read("Hoi?", CODE) == read("Hoi?", "yy")
    assert not offers_spoken_answers(Settings(language=CODE, spoken_consent=True))


def test_an_understood_part_may_be_left_out(folder: Path) -> None:
    (folder / "understood.toml").write_text(UNDERSTOOD.partition("[answers]")[0], encoding="utf-8")
    check_understood(CODE)
    assert wish_in("Hcaoc, muk.", CODE) == "quiet"
    assert (answer_in("Sa.", CODE), read("Hoi.", CODE).acknowledgement) == (None, False)
    assert not offers_spoken_answers(Settings(language=CODE, spoken_consent=True))


def test_without_pages_they_are_in_english(folder: Path, tmp_path: Path) -> None:
    for file in ("pages.toml", "figures.toml"):
        (folder / file).unlink()
    assert texts(CODE) == texts("en")
    with Store(tmp_path / "coach.db") as store, at_home(store) as home:
        page = asked(home.port, cookie=home.cookie, accept_language=CODE).body.decode()
        assert f"<h1>{texts('en')['begin.title']}</h1>" in page
        assert f">{NAME}</button>" not in page
        assert f'<option value="{CODE}">{NAME}</option>' in page  # it is spoken all the same


def test_the_doctor_says_what_each_language_leaves_out(folder: Path) -> None:
    (folder / "pages.toml").unlink()
    (folder / "figures.toml").unlink()
    assert left_out(CODE) == "in xx, there are no pages or recordings; depth is not judged"
    found = doctor.spoken_languages(SPOKEN)
    assert (found.status, found.says) == (
        "ok",
        "en, de, xx; in de, depth is not judged; in xx, there are no pages or recordings; depth is not judged",
    )


@pytest.mark.parametrize(
    ("kept", "left"),
    [
        ("", "questions, commands, or yes and no; there are no recordings"),
        (UNDERSTOOD.partition("[answers]")[0], "questions or yes and no; there are no recordings"),
        (UNDERSTOOD.partition("[talk]")[0], "questions; there are no recordings"),
    ],
)
def test_the_doctor_says_what_is_not_understood(kept: str, left: str, folder: Path) -> None:
    (folder / "understood.toml").write_text(kept, encoding="utf-8")
    assert left_out(CODE) == f"in xx, it does not understand {left}; depth is not judged"


# ---------------------------------------------------------------------------------------------------- what is wrong


@pytest.mark.parametrize(
    ("file", "was", "becomes", "told"),
    [
        ("language.toml", "name =", "nam =", "language.toml has no key 'nam'; did you mean 'name'?"),
        ("language.toml", f'name = "{NAME}"', "", 'language.toml: the key "name" is missing'),
        ("language.toml", f'"{NAME}"', '""', "language.toml: name must be text in quotes"),
        ("language.toml", "name =", "name", "language.toml is not valid TOML: "),
        ("wordings.toml", "[slower]", "[slow]", "wordings.toml: [slower] is missing"),
        ("wordings.toml", 'tone = "tone_soon.wav"', "", "wordings.toml: [too_soon] lacks tone; write tone = "),
        ("wordings.toml", "{name}, esaelp yas a ecne", "esaelp yas a ecne", "wordings.toml: [checkin_ask] 'esaelp"),
        ("wordings.toml", '"sgnileef", ', "", "wordings.toml: [experience] needs 8 wordings"),
        ("understood.toml", "quiet =", "quite =", "understood.toml: [commands] has no key 'quite'; did you mean"),
        ("understood.toml", 'rhetorical = ["vin tu"]', "", 'understood.toml: the key "rhetorical" of [talk] is'),
        ("understood.toml", '["vin tu"]', '"vin tu"', "understood.toml: rhetorical of [talk] must be a list"),
        ("understood.toml", '["ka ru"]', '["?"]', "understood.toml: questions of [talk] holds '?', which has no"),
        ("understood.toml", '"hoi", ', '"…", ', "understood.toml: acknowledgements of [talk] holds '…', which has no"),
        ("understood.toml", "[answers]", "[answer]", "understood.toml: [answer] is unknown; did you mean 'answers'?"),
        ("pages.toml", '"begin.go" =', '"begin.goo" =', 'pages.toml: the text "begin.go" is missing; in English it is'),
        ("pages.toml", 'and = "dna"', 'and = "dna"\nandd = ""', 'pages.toml: there is no text "andd"; did you mean'),
        ("pages.toml", "emaN {n}", "emaN {n:zz}", 'pages.toml: the text "begin.name" has {n:zz}; write only a name in'),
        ("pages.toml", "emaN {n}", "emaN {n", 'pages.toml: the text "begin.name" has a stray brace; write {{ or }}'),
        ("pages.toml", 'and = "dna"', "and = 1", 'pages.toml: the text "and" must be in quotes'),
        ("pages.toml", "emaN {n}", "emaN", 'pages.toml: the text "begin.name" must have {n}, as in English'),
        ("pages.toml", "yraunaJ ", "", 'pages.toml: the text "months" must have twelve names'),
        ("figures.toml", "rewsna|srewsna|", "rewsna|", 'figures.toml: the text "noun.answer" must have as many forms'),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_one_line_with_the_file_and_the_key(
    file: str, was: str, becomes: str, told: str, folder: Path
) -> None:
    edited(folder, file, was, becomes)
    (fault,) = language_faults()
    assert fault.startswith(str(folder / told))
    assert "\n" not in fault
    assert doctor.spoken_languages(SPOKEN).status == "warning"
    assert doctor.spoken_languages(SPOKEN).says == fault


@pytest.mark.parametrize("file", ["language.toml", "wordings.toml", "pages.toml", "figures.toml"])
def test_a_file_that_is_missing_is_named(file: str, folder: Path) -> None:
    (folder / file).unlink()
    (fault,) = language_faults()
    assert fault.startswith(f"{folder / file} is missing")


def test_a_mistake_ends_what_needs_the_language(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edited(folder, "pages.toml", "emaN {n}", "emaN")
    edited(folder, "wordings.toml", "[slower]", "[slow]")
    assert main(["cues", "--language", CODE]) != 0
    assert "wordings.toml: [slower] is missing" in capsys.readouterr().err
    with Store(tmp_path / "data" / "coach" / "coach.db") as store:
        store.begin(SessionHeader(people=PEOPLE, settings=SPOKEN.as_dict()))
    assert main(["review", "--page", str(tmp_path / "talk.html"), "--language", CODE]) != 0
    assert 'pages.toml: the text "begin.name" must have {n}' in capsys.readouterr().err


def test_a_talk_does_not_begin_with_a_mistake_in_what_is_understood(folder: Path, tmp_path: Path) -> None:
    edited(folder, "understood.toml", "quiet =", "quite =")
    with pytest.raises(BadSetting, match=r"understood\.toml: \[commands\] has no key 'quite'"):
        analyse(excerpt(tmp_path, 0.0, 8.0), Who(people=PEOPLE), SPOKEN, None)
    segments = tmp_path / "talk.rttm"
    segments.write_text("SPEAKER talk 1 0.0 2.0 <NA> <NA> Ana <NA> <NA>\n")
    with pytest.raises(BadSetting, match=r"understood\.toml: \[commands\] has no key 'quite'"):
        segment_events(segments, SPOKEN)


def test_a_mistake_in_a_language_that_is_found_during_a_talk_is_told(folder: Path, tmp_path: Path) -> None:
    edited(folder, "understood.toml", "quiet =", "quite =")
    engine = Finding({CODE: 0.98, "de": 0.02})
    found = analyse(excerpt(tmp_path, 0.0, 20.0), Who(people=PEOPLE), Settings(language="auto"), engine)
    told = [event.text for event in found.events if isinstance(event, Notice)]
    assert len([text for text in told if "[commands] has no key 'quite'" in text]) == 1
    assert [event for event in found.events if isinstance(event, Words)]


def test_with_a_mistake_in_the_wordings_of_a_language_that_is_found_the_cues_stay_as_they_were(
    folder: Path, tmp_path: Path
) -> None:
    edited(folder, "wordings.toml", "[slower]", "[slow]")
    settings = Settings(language="auto", cues_in_words=("too_soon",))
    found = analyse(excerpt(tmp_path, 16.0, 33.0), Who(people=PEOPLE), settings, Finding({CODE: 0.98, "de": 0.02}))
    told = [event.text for event in found.events if isinstance(event, Notice)]
    assert len([text for text in told if "wordings.toml: [slower] is missing" in text]) == 1
    assert [event.text for event in found.events if isinstance(event, Cue)] == ["…let it land."]


def test_opening_the_page_tells_of_a_mistake(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edited(folder, "pages.toml", "emaN {n}", "emaN")
    with socket.create_server(("127.0.0.1", 0)) as taken:  # a port that cannot be had ends the command at once
        assert main(["open", "--no-browser", "--port", str(taken.getsockname()[1])]) != 0
    assert 'pages.toml: the text "begin.name" must have {n}' in capsys.readouterr().err


def test_a_mistake_in_one_language_leaves_the_others_as_they_are(folder: Path, tmp_path: Path) -> None:
    edited(folder, "pages.toml", "emaN {n}", "emaN")
    edited(folder, "understood.toml", "quiet =", "quite =")
    assert wish_in("Coach, quiet.") == "quiet"
    with Store(tmp_path / "coach.db") as store, at_home(store) as home:
        page = asked(home.port, cookie=home.cookie, accept_language=f"{CODE}, de;q=0.5")
        assert f"<h1>{texts('de')['begin.title']}</h1>" in page.body.decode()
        assert home.sent("/language", language=CODE).status == 400


def test_a_language_without_a_name_is_not_offered(folder: Path, tmp_path: Path) -> None:
    (folder / "language.toml").write_text("", encoding="utf-8")
    with Store(tmp_path / "coach.db") as store, at_home(store) as home:
        page = asked(home.port, cookie=home.cookie, accept_language="en").body.decode()
        assert f"<h1>{texts('en')['begin.title']}</h1>" in page
        assert 'value="de"' in page
        assert f'value="{CODE}"' not in page


# ------------------------------------------------------------------------------------------------------- the folders


def test_a_language_of_ones_own_takes_the_place_of_one_that_ships() -> None:
    mine = made_language("de")
    assert languages()["de"].folder == mine
    assert Catalogue.load("de").wording("inward") == backwards(INWARD)


@pytest.mark.parametrize(
    ("file", "was", "becomes", "told"),
    [
        ("pages.toml", None, "", "pages.toml is missing"),
        ("wordings.toml", None, "", "wordings.toml is missing"),
        ("language.toml", None, "", "language.toml is missing"),
        ("pages.toml", '"begin.go" =', "ignored =", 'pages.toml: the text "begin.go" is missing'),
        ("pages.toml", "emaN {n}", "emaN", 'pages.toml: the text "begin.name" must have {n}'),
        ("wordings.toml", "[slower]", "[slow]", "wordings.toml: [slower] is missing"),
    ],
)
def test_a_mistake_in_an_english_of_ones_own_stays_there(
    file: str, was: str | None, becomes: str, told: str, folder: Path
) -> None:
    for pages in ("pages.toml", "figures.toml"):
        (folder / pages).unlink()
    mine = made_language("en")
    (mine / file).unlink() if was is None else edited(mine, file, was, becomes)
    (fault,) = language_faults()
    assert fault.startswith(str(mine / told))
    assert doctor.spoken_languages(SPOKEN).says == fault
    assert texts(CODE)["begin.title"] == texts()["begin.title"]
    assert Catalogue.load(CODE).wording("inward") == backwards(INWARD)
    assert not_understood(CODE).startswith("depth is judged in English only")
    assert run_path(wording.__file__)["date"](datetime(2026, 3, 7)) == "7 March 2026"  # as when a command begins


def test_an_english_of_ones_own_is_spoken_and_shown() -> None:
    made_language("en")
    assert language_faults() == []
    assert Catalogue.load().wording("inward") == backwards(INWARD)
    assert texts("en")["begin.title"] == backwards(texts()["begin.title"])


def test_only_folders_named_by_a_code_are_languages(folder: Path) -> None:
    for name in ("notes", "x", "XX"):
        (folder.parent / name).mkdir()
    (folder.parent / "yy").write_text("a file")
    assert list(languages()) == ["en", "de", CODE]
    assert wording_languages() == ("de", "en", CODE)
