"""Imported segments take the same path as audio from attribution on."""

from __future__ import annotations

from pathlib import Path

from coach.conversation import converse, ipus, statistics
from coach.core.events import Ended, Speech, Words
from coach.core.settings import Settings
from coach.core.span import Span, as_samples
from coach.runtime.segments import segment_events

HEAD = 'File type = "ooTextFile"\n"TextGrid"\n\n0\n30\n<exists>\n{tiers}\n'


def grid(folder: Path, tiers: dict[str, list[tuple[float, float, str]]]) -> Path:
    """A TextGrid in Praat's short form."""
    text = HEAD.format(tiers=len(tiers))
    for name, intervals in tiers.items():
        text += f'"IntervalTier"\n"{name}"\n0\n30\n{len(intervals)}\n'
        text += "".join(f'{start}\n{end}\n"{label}"\n' for start, end, label in intervals)
    path = folder / "talk.TextGrid"
    path.write_text(text)
    return path


def heard(path: Path, people=()):
    (found,) = segment_events(path, Settings(), people)
    return found


def talk(found):
    words = [event for event in found.events if isinstance(event, Words)]
    return converse(ipus(e for e in found.events if isinstance(e, Speech)), words), words


def test_segments_become_speech_in_order_of_time_up_to_the_end_of_the_file(tmp_path):
    found = heard(grid(tmp_path, {"Ana": [(0, 6, "x"), (9, 12, "x")], "Ben": [(6.5, 8, "x")]}))
    assert [(e.who, e.span) for e in found.events if isinstance(e, Speech)] == [
        ("Ana", Span.seconds(0, 6)),
        ("Ben", Span.seconds(6.5, 8)),
        ("Ana", Span.seconds(9, 12)),
    ]
    assert [e.at for e in found.events] == sorted(e.at for e in found.events)
    assert isinstance(found.events[-1], Ended)
    assert (found.duration, found.channels, found.people) == (as_samples(30), 0, ("Ana", "Ben"))
    assert not [e for e in found.events if isinstance(e, Words)]


def test_segments_of_one_person_closer_than_the_join_are_one_unit(tmp_path):
    found = heard(grid(tmp_path, {"Ana": [(0, 3, "x"), (3.17, 5, "x"), (5.18, 6, "x")]}))
    assert [ipu.span for ipu in ipus(e for e in found.events if isinstance(e, Speech))] == [
        Span.seconds(0, 5),
        Span.seconds(5.18, 6),
    ]


def test_after_a_question_in_the_file_the_next_turn_is_an_answer(tmp_path):
    ana = [(0, 6, "I sat there for an hour."), (6.3, 8, "What would you have done?")]
    asked, _ = talk(heard(grid(tmp_path, {"Ana": ana, "Ben": [(8.2, 12, "I would have left.")]})))
    assert [t.answers_question for t in asked.transfers] == [True]
    ana[1] = (6.3, 8, "And then it was over.")
    answered, _ = talk(heard(grid(tmp_path, {"Ana": ana, "Ben": [(8.2, 12, "I would have left.")]})))
    assert [(t.answers_question, t.too_soon) for t in answered.transfers] == [(False, True)]


def test_an_acknowledgement_in_the_file_does_not_take_the_floor_however_long_it_is(tmp_path):
    tiers = {"Ana": [(0, 6, "I sat there."), (8, 12, "And I waited.")]}
    wordless, _ = talk(heard(grid(tmp_path, {**tiers, "Ben": [(6.2, 7.8, "x")]})))
    worded, _ = talk(heard(grid(tmp_path, {**tiers, "Ben": [(6.2, 7.8, "yeah, mm-hm")]})))
    assert [turn.kind for turn in wordless.turns] == ["turn", "turn", "turn"]
    assert [turn.kind for turn in worded.turns] == ["turn", "backchannel"]


def test_single_words_are_read_together_up_to_the_next_pause(tmp_path):
    labels = ("what", "would", "you", "have", "done")
    ana = [(n * 0.4, n * 0.4 + 0.4, label) for n, label in enumerate(labels)]
    _, words = talk(heard(grid(tmp_path, {"Ana": [*ana, (2.2, 3, "yeah")]})))
    assert [(w.text, w.question) for w in words] == [("what would you have done", True), ("yeah", False)]


def test_clauses_that_touch_are_read_one_by_one(tmp_path):
    ana = [(0, 3, "could you open it"), (3, 9, "I felt so small that day")]
    _, words = talk(heard(grid(tmp_path, {"Ana": ana})))
    assert [(w.request, w.count) for w in words] == [(True, 4), (False, 6)]


def test_the_rate_of_speech_comes_from_the_words_in_the_file(tmp_path):
    found = heard(grid(tmp_path, {"Ana": [(0, 3, "one two three four five six"), (4, 9, "x")], "Ben": [(10, 12, "x")]}))
    conversation, words = talk(found)
    numbers = statistics(conversation, found.people, words=words)
    assert (numbers["words_per_minute.Ana"].value, numbers["words_per_minute.Ana"].n) == (120.0, 1)
    assert (numbers["words_per_minute.Ben"].value, numbers["words_per_minute.Ben"].n) == (None, 0)


def test_only_the_requested_people_are_included(tmp_path):
    path = grid(tmp_path, {"Ana": [(0, 6, "x")], "notes": [(0, 30, "cold room")], "Ben": [(6.5, 8, "x")]})
    found = heard(path, ("Ben", "Ana"))
    assert found.people == ("Ben", "Ana")
    assert {e.who for e in found.events if isinstance(e, Speech)} == {"Ana", "Ben"}
    assert not [e for e in found.events if isinstance(e, Words)]
