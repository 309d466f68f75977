"""With the language "auto", the coach opens in the language of the page, or else of the system, until it knows more."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from coach.audio.player import NoPlayer
from coach.coaching import Catalogue
from coach.core.events import Cue, LanguageFound
from coach.core.settings import Settings
from coach.core.system_language import system_language
from coach.cues import cue_language, cues_for, own_catalogue, own_wordings
from coach.runtime import Devices, Ready, Who, analyse, begin
from coach.sessions import Store
from coach.vad import SILERO
from tests.asr.finding import DOUBTFUL, ENGLISH, GERMAN, Finding
from tests.runtime.staged import PEOPLE, Evening, Script, Stage, blocks, excerpt, plan, sample

AUTO = Settings(language="auto", transcriber="none")
ENGLISH_LINES, GERMAN_LINES = Catalogue.load("en"), Catalogue.load("de")
LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def _a_german_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    for name in LOCALES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "de_DE.UTF-8")


@pytest.mark.parametrize(
    ("locale", "code"),
    [
        ({"LANG": "de_AT"}, "de"),
        ({"LANG": "de_DE@euro"}, "de"),
        ({"LANG": "gsw_CH.UTF-8"}, "gsw"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "de_DE.UTF-8", "LC_ALL": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": ""}, "de"),
        ({"LANG": "C.UTF-8"}, ""),
        ({"LANG": "POSIX"}, ""),
        ({}, ""),
    ],
)
def test_a_locale_says_which_language_programs_speak(locale: dict[str, str], code: str) -> None:
    assert system_language(locale) == code


@pytest.mark.parametrize(
    ("language", "shown_in", "locale", "spoken"),
    [
        ("auto", "", "de_DE.UTF-8", "de"),
        ("auto", "en", "de_DE.UTF-8", "en"),
        ("auto", "de", "en_GB.UTF-8", "de"),
        ("auto", "", "en_GB.UTF-8", "en"),
        ("auto", "", "fr_FR.UTF-8", "en"),
        ("auto", "fr", "de_DE.UTF-8", "de"),
        ("en", "de", "de_DE.UTF-8", "en"),
        ("de", "en", "en_GB.UTF-8", "de"),
        ("es", "de", "de_DE.UTF-8", "en"),
    ],
)
def test_the_page_goes_before_the_system_and_a_language_that_is_set_before_both(
    language: str, shown_in: str, locale: str, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", locale)
    assert cue_language(Settings(language=language), shown_in) == spoken


@pytest.mark.parametrize(("shown_in", "lines"), [("", GERMAN_LINES), ("en", ENGLISH_LINES)])
def test_what_everybody_must_hear_is_said_in_that_language(shown_in: str, lines: Catalogue, tmp_path: Path) -> None:
    stage, speaker = Stage(iter(())), NoPlayer()
    ready = Ready(
        plan(settings=AUTO, played_back=False, shown_in=shown_in),
        Devices(stage, speaker, False, False, ()),
        SILERO,
        (),
    )
    with closing(Store(tmp_path / "coach.db")) as store:
        session = begin(ready, store, consents=(), show=lambda event: None, prompt=lambda text: None)
        said = session.parts.opening.announced
        session.run()
    assert said == [(kind, lines.line(kind)) for kind in ("consent", "keep_stats")]


def opened_in_german(folder: Path, engine: Finding | Script | None) -> Evening:
    """An evening that began in German, with people who speak."""
    catalogue, sounds = own_wordings(AUTO, cue_language(AUTO))
    made = Evening(
        folder,
        Stage(iter(())),
        plan(settings=AUTO),
        engine,
        catalogue=catalogue,
        cue_sounds=sounds,
        wordings=lambda language: own_wordings(AUTO, language),
    )

    def told():
        for block in blocks(sample()[16 * 16_000 : 36 * 16_000]):
            yield block
            made.read_up()

    made.source.told = told()
    return made


@pytest.mark.parametrize("engine", [None, Script("And then we went home."), Finding(DOUBTFUL)])
def test_a_language_that_is_only_assumed_changes_nothing(engine: Finding | Script | None, tmp_path: Path) -> None:
    evening = opened_in_german(tmp_path, engine)
    evening.run()
    (known,) = evening.of(LanguageFound)
    assert (known.language, known.sure) == ("en", False)
    assert evening.session.catalogue.language == "de"


def test_a_language_that_is_found_is_spoken_from_then_on(tmp_path: Path) -> None:
    evening = opened_in_german(tmp_path, Finding(ENGLISH))
    assert evening.session.catalogue.language == "de"
    evening.run()
    assert evening.session.catalogue.language == "en"


@pytest.mark.parametrize(("engine", "lines"), [(None, ENGLISH_LINES), (Finding(GERMAN), GERMAN_LINES)])
def test_the_cues_of_a_file_are_in_its_language_without_a_persons_own_wordings(
    engine: Finding | None, lines: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = replace(AUTO, cues_in_words=("too_soon",))
    own = tmp_path / "data" / "coach" / "cues" / f"{lines.language}.toml"
    own.parent.mkdir(parents=True)
    own.write_text('[let_it_land]\nwordings = ["…wait."]\n', encoding="utf-8")
    assert own_catalogue(replace(spoken, language=lines.language)).wording("too_soon") == "…wait."
    for locale in ("de_DE.UTF-8", "en_GB.UTF-8"):
        monkeypatch.setenv("LANG", locale)
        found = analyse(excerpt(tmp_path, 16.0, 33.0), Who(people=PEOPLE), spoken, engine)
        cues = [event.text for event in found.events if isinstance(event, Cue)]
        assert cues == [cues_for(spoken, lines).wording("too_soon")]
