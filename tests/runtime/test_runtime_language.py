"""In a language without depth, the coach says so once, gives no invitations, and works as usual otherwise.

With the language "auto", everything follows the language once it is found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from coach.asr import Transcriber
from coach.audio import Block
from coach.coaching import Catalogue
from coach.core.errors import BadSetting
from coach.core.events import Event, Hushed, LanguageFound, Notice, Speech, Words, to_record
from coach.core.settings import Settings
from coach.core.span import RATE
from coach.cues import CueSounds, own_wordings
from coach.review import session_analysis
from coach.runtime.offline import Analysed, Who, analyse
from coach.runtime.saving import save_analysed
from coach.runtime.segments import segment_events
from coach.runtime.session import Wordings
from coach.sessions import Store
from tests.asr.finding import DOUBTFUL, ENGLISH, GERMAN, LIKELY, Finding
from tests.runtime.staged import PEOPLE, Evening, Script, Stage, blocks, excerpt, plan, sample

AUTO = Settings(language="auto")
OWN = partial(own_wordings, AUTO)
SAID = ("Ich war so traurig, das tat weh.", "Dann fuhren wir heim.")


def test_in_another_language_one_notice_says_that_depth_is_not_classified(tmp_path: Path) -> None:
    file = excerpt(tmp_path, 0.0, 20.0)
    german = analyse(file, Who(people=PEOPLE), Settings(language="de"), Script(*SAID))
    words = [event for event in german.events if isinstance(event, Words)]
    assert words
    assert all((event.level, event.p_experience, event.kinds) == (None, None, ()) for event in words)
    assert len([text for text in german.notices if "English only" in text]) == 1
    assert [event.at for event in german.events] == sorted(event.at for event in german.events)
    english = analyse(file, Who(people=PEOPLE), Settings(), Script(*SAID))
    assert not [event for event in english.events if isinstance(event, Notice)]
    heard = [[event for event in found.events if isinstance(event, Speech)] for found in (german, english)]
    assert heard[0] == heard[1]


def test_without_a_recogniser_there_is_no_notice_about_depth(tmp_path: Path) -> None:
    silent = analyse(excerpt(tmp_path, 0.0, 5.0), Who(people=PEOPLE), Settings(language="de"), None)
    assert not [text for text in silent.notices if "English only" in text]


# ------------------------------------------------------------------------------------------- a language that is found


def of(kind: type[Event], found: Analysed) -> list[Event]:
    return [event for event in found.events if isinstance(event, kind)]


def heard_by(engine: Transcriber | None, folder: Path, end: float = 20.0, block_s: float = 0.1) -> Analysed:
    return analyse(excerpt(folder, 0.0, end), Who(people=PEOPLE), AUTO, engine, block_s=block_s)


def texts(found: Analysed) -> list[str | None]:
    return [event.text for event in found.events if isinstance(event, Words)]


def test_all_words_of_a_german_file_are_recognised_in_german_and_it_is_said_and_stored(tmp_path: Path) -> None:
    found = heard_by(Finding(LIKELY, GERMAN), tmp_path)
    assert texts(found)
    assert all(text is not None and text.startswith("de ") for text in texts(found))
    (known,) = of(LanguageFound, found)
    assert isinstance(known, LanguageFound)
    assert (known.language, known.sure) == ("de", True)
    assert found.events.index(known) < min(found.events.index(event) for event in of(Words, found))
    said = [text for text in found.notices if "language" in text]
    assert said == [f"the language is de, found in the first {known.heard / RATE:.0f} s of speech"]
    assert len([text for text in found.notices if "English only" in text]) == 1
    with Store(tmp_path / "coach.db") as store:
        number = save_analysed(store, found, AUTO, words=True)
        analysis = session_analysis(store.session(number), store.events(number))
    assert analysis["settings"]["language"] == "de"


def test_an_english_file_is_judged_as_english(tmp_path: Path) -> None:
    found = heard_by(Finding(ENGLISH), tmp_path)
    assert all(event.level is not None for event in found.events if isinstance(event, Words) and event.count)
    assert not [text for text in found.notices if "English only" in text]


def test_the_block_size_does_not_change_what_is_found(tmp_path: Path) -> None:
    one, other = (heard_by(Finding(LIKELY, GERMAN), tmp_path, block_s=block_s) for block_s in (0.0137, 1.0))
    assert [to_record(event) for event in one.events] == [to_record(event) for event in other.events]
    assert of(LanguageFound, one)


def test_a_file_that_leaves_doubt_is_read_in_english_and_it_is_said(tmp_path: Path) -> None:
    found = heard_by(Finding(DOUBTFUL), tmp_path)
    assert all(text is not None and text.startswith("en ") for text in texts(found))
    (known,) = of(LanguageFound, found)
    assert isinstance(known, LanguageFound)
    assert (known.language, known.sure) == ("en", False)
    (said,) = [text for text in found.notices if "language" in text]
    assert said.endswith("did not show which language it is, so en is assumed; `--language de` sets another")


@pytest.mark.parametrize("engine", [Script("And then we went home."), None], ids=["for English alone", "none"])
def test_where_no_recogniser_can_find_it_english_is_assumed_at_once(engine: Transcriber | None, tmp_path: Path) -> None:
    found = heard_by(engine, tmp_path, end=12.0)
    assert of(LanguageFound, found) == [LanguageFound(at=0, language="en", heard=0, sure=False)]
    (said,) = [text for text in found.notices if "language" in text]
    assert "coach setup whisper base" in said
    assert all(event.level is not None for event in found.events if isinstance(event, Words))


def test_a_recogniser_that_is_kept_for_the_next_file_looks_again(tmp_path: Path) -> None:
    engine = Finding(GERMAN)
    assert texts(heard_by(engine, tmp_path))[0] == texts(heard_by(engine, tmp_path))[0]
    engine.prepared = [ENGLISH]
    assert all(str(text).startswith("en ") for text in texts(heard_by(engine, tmp_path)))


def test_of_written_words_english_is_assumed(tmp_path: Path) -> None:
    path = tmp_path / "talk.TextGrid"
    tier = '1\n"IntervalTier"\n"Ana"\n0\n9\n1\n0\n6\n"I was sad."\n'
    path.write_text(f'File type = "ooTextFile"\n"TextGrid"\n\n0\n9\n<exists>\n{tier}')
    (found,) = segment_events(path, AUTO)
    assert isinstance(found, Analysed)
    assert [event.level for event in found.events if isinstance(event, Words)] != [None]
    assert [text for text in found.notices if "`--language de` sets another" in text]
    assert of(LanguageFound, found) == [LanguageFound(at=0, language="en", heard=0, sure=False)]


# -------------------------------------------------------------------------------------------------------------- live


class German(Finding):
    """Hears German, and in each span a command to the coach."""

    def transcribe(self, samples: np.ndarray) -> str:
        return "Coach, sei still." if self.language == "de" else "Coach, be quiet."


def evening(folder: Path, engine: Finding, wordings: Wordings = OWN) -> Evening:
    made = Evening(folder, Stage(iter(())), plan(settings=AUTO), engine, wordings=wordings)

    def told() -> Iterator[Block]:
        for block in blocks(sample()[16 * RATE : 36 * RATE]):
            yield block
            made.read_up()

    made.source.told = told()
    return made


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))


@pytest.mark.parametrize(("chances", "language"), [(GERMAN, "de"), (ENGLISH, "en")])
def test_live_commands_wordings_and_what_is_stored_follow_the_language(
    chances: Mapping[str, float], language: str, tmp_path: Path
) -> None:
    talk = evening(tmp_path, German(chances))
    talk.run()
    (known,) = talk.of(LanguageFound)
    assert (known.language, known.sure) == (language, True)
    assert talk.of(Hushed), "the command was understood in its language"
    assert talk.session.catalogue.language == language
    assert [notice.text for notice in talk.of(Notice) if notice.text.startswith(f"the language is {language}")]
    assert known in talk.stored


def test_a_language_without_wordings_is_recognised_and_cues_are_in_english(tmp_path: Path) -> None:
    talk = evening(tmp_path, Finding({"es": 0.99}))
    talk.run()
    assert talk.session.catalogue.language == "en"
    assert any("there are no cues in 'es'" in notice.text for notice in talk.of(Notice))
    assert all(str(words.text).startswith("es ") for words in talk.of(Words))


def test_if_a_persons_own_wordings_are_faulty_the_session_goes_on_as_it_was(tmp_path: Path) -> None:
    def faulty(language: str) -> tuple[Catalogue, CueSounds]:
        raise BadSetting("your cues: [nosuch] is unknown")

    talk = evening(tmp_path, Finding(GERMAN), faulty)
    talk.run()
    assert talk.session.catalogue.language == "en"
    assert any(notice.text == "your cues: [nosuch] is unknown" for notice in talk.of(Notice))
    assert talk.of(Words)
