"""Stored figures equal those of the analysis and are discarded when they are stale."""

from __future__ import annotations

import ast
from importlib.resources import files
from pathlib import Path

import pytest

import coach
from coach.core.errors import CoachError
from coach.core.events import Ended, Speech, Words
from coach.core.span import Span, as_samples
from coach.review import figure_cache
from coach.review.analysis import session_analysis
from coach.review.figure_cache import DEFINED_IN, definitions, figures_of, remembered, session_figures
from coach.sessions import SessionHeader, Store, StoredSession
from coach.sessions.figures import keep_figures, kept_figures


def speech(who: str, start: float, end: float) -> Speech:
    return Speech(at=as_samples(end + 0.2), who=who, span=Span.seconds(start, end), confidence=1.0)


def read(who: str, start: float, end: float, level: str) -> Words:
    return Words(at=as_samples(end + 1), who=who, span=Span.seconds(start, end), count=20, text=None, level=level)


TALK = [
    speech("Ana", 0, 8), speech("Ben", 8.5, 11), read("Ana", 0, 8, "3"), read("Ben", 8.5, 11, "1"),
    speech("Ana", 20, 28), speech("Ben", 31, 34), read("Ana", 20, 28, "2"), read("Ben", 31, 34, "N"),
]  # fmt: skip


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "coach.db") as made:
        yield made


def stored(store: Store, events=TALK) -> StoredSession:
    number = store.begin(SessionHeader(people=("Ana", "Ben"), settings={"pause": 1.5}))
    store.write(number, [*events, Ended(at=as_samples(60), reason="key")])
    return store.session(number)


def inner_share(store: Store, session: StoredSession):
    return session_analysis(session, store.events(session.id))["statistics"]["inner_share"]


def test_the_figures_are_those_of_the_analysis(store):
    session = stored(store)
    analysis = session_analysis(session, store.events(session.id))
    kept = session_figures(analysis)
    assert kept["breath_s"] == 1.5
    assert set(kept["figures"]) == {
        "answering_pause_median_s", "too_soon_share", "inner_share", "holding_s.Ana", "holding_s.Ben"
    }  # fmt: skip
    for name, figure in kept["figures"].items():
        assert figure == analysis["statistics"][name]
    assert kept["figures"]["answering_pause_median_s"]["value"] == 1.75
    assert kept["figures"]["holding_s.Ana"] == {"value": 9.0, "n": 1, "unit": "s"}


def test_the_inner_share_is_a_proportion_of_the_sharing_turns_with_its_interval(store):
    session = stored(store)
    share = inner_share(store, session)
    assert share == {"value": 0.667, "n": 3, "unit": "share", "low": 0.208, "high": 0.939}


def test_an_mm_hm_is_not_a_sharing_turn(store):
    mm_hm = [speech("Ben", 4, 4.5), read("Ben", 4, 4.5, "3")]
    session = stored(store, [*TALK, *mm_hm])
    assert inner_share(store, session)["n"] == 3


def test_without_words_there_is_no_inner_share(store):
    session = stored(store, [event for event in TALK if isinstance(event, Speech)])
    assert inner_share(store, session) == {
        "value": None, "n": 0, "unit": "share"
    }  # fmt: skip


def test_missing_figures_are_computed_once_and_then_cached(store):
    sessions = [stored(store), stored(store, TALK[:2])]
    gone_through = []

    def along(missing):
        gone_through.append([each.id for each in missing])
        return missing

    first = figures_of(store, sessions, along)
    assert figures_of(store, sessions, along) == first == kept_figures(store, definitions())
    assert gone_through == [[1, 2]]
    assert first[1]["figures"]["answering_pause_median_s"]["n"] == 2
    assert first[2]["figures"]["answering_pause_median_s"]["n"] == 1


def test_the_figures_of_a_session_that_went_on_are_computed_again(store):
    number = store.begin(SessionHeader(people=("Ana", "Ben")))
    store.write(number, TALK[:2])
    assert figures_of(store, store.sessions())[number]["figures"]["answering_pause_median_s"]["n"] == 1
    store.write(number, TALK[4:6])
    assert figures_of(store, store.sessions())[number]["figures"]["answering_pause_median_s"]["n"] == 2


def test_figures_from_other_definitions_are_not_used(store, monkeypatch):
    session = stored(store)
    keep_figures(store, session.id, "an earlier coach", 9, {"breath_s": 9.0, "figures": {}})
    assert figures_of(store, [session])[session.id]["breath_s"] == 1.5
    monkeypatch.setattr(figure_cache, "definitions", lambda: "a later coach")
    gone_through = []
    figures_of(store, [session], lambda missing: gone_through.extend(missing) or missing)
    assert gone_through == [session]


@pytest.mark.parametrize("spoilt", [{}, {"figures": {}}, {"breath_s": 2.0}])
def test_malformed_figures_are_not_used(store, spoilt):
    session = stored(store)
    keep_figures(store, session.id, definitions(), 9, spoilt)
    assert figures_of(store, [session])[session.id]["figures"]["answering_pause_median_s"]["n"] == 2


def test_the_figures_of_a_reviewed_session_are_cached(store):
    session = stored(store)
    analysis = remembered(store, session)
    assert analysis == session_analysis(session, store.events(session.id))
    assert kept_figures(store, definitions()) == {session.id: session_figures(analysis)}


def test_a_store_that_cannot_be_written_still_gives_figures(store, monkeypatch):
    session = stored(store)

    def full(*_):
        raise CoachError("the disk is full")

    monkeypatch.setattr(figure_cache, "keep_figures", full)
    assert figures_of(store, [session])[session.id]["breath_s"] == 1.5


def test_the_figures_contain_no_recognised_words(tmp_path):
    with Store(tmp_path / "words.db") as store:
        number = store.begin(SessionHeader(people=("Ana", "Ben"), keep="words"))
        said = Words(at=as_samples(9), who="Ana", span=Span.seconds(0, 8), count=5, text="the heron by the canal")
        store.write(number, [*TALK[:2], said])
        figures_of(store, store.sessions())
        with store.connection() as db:
            ((body,),) = db.execute("SELECT body FROM figures").fetchall()
    assert "heron" not in body


def modules_behind(name: str, seen: set[str]) -> set[str]:
    """Every module of the coach that `name` imports, directly or indirectly."""
    path = Path(str(files(coach))).parent / Path(*name.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if name in seen or not path.is_file():
        return seen
    seen.add(name)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("coach"):
            for each in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                modules_behind(each, seen)
    return seen


def test_every_module_that_a_figure_could_come_from_is_in_the_fingerprint():
    behind = modules_behind("coach.review.figure_cache", set())
    plain = {
        "coach.core.errors",
        "coach.core.files",
        "coach.core.languages",
        "coach.core.messages",
        "coach.core.placeholders",
        "coach.core.texts",
        "coach.sessions",
    }  # errors, texts, reading and storage, which affect no number
    defining = {
        name for name in behind if name not in plain and not name.startswith("coach.sessions.") and "." in name
    } - {"coach.core", "coach.review", "coach.conversation"}  # packages
    covered = {f"coach.{entry.removesuffix('.py').replace('/', '.')}" for entry in DEFINED_IN}
    assert not {name for name in defining if not any(name == each or name.startswith(f"{each}.") for each in covered)}


def test_the_fingerprint_changes_with_the_code(tmp_path, monkeypatch):
    before = definitions()
    (tmp_path / "conversation" / "measures").mkdir(parents=True)
    (tmp_path / "core").mkdir()
    (tmp_path / "review").mkdir()
    for name in DEFINED_IN:
        if name.endswith(".py"):
            (tmp_path / name).write_text("x = 1\n", encoding="utf-8")
    deep = tmp_path / "conversation" / "measures" / "answers.py"
    deep.write_text("y = 1\n", encoding="utf-8")
    monkeypatch.setattr(figure_cache, "files", lambda _: tmp_path)
    definitions.cache_clear()
    try:
        one = definitions()
        definitions.cache_clear()
        deep.write_text("y = 2\n", encoding="utf-8")
        assert len({before, one, definitions()}) == 3
    finally:
        definitions.cache_clear()
