"""The review in the terminal: contents and layout, without judgement."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.text import Text

from coach.core.events import AudioGap, Cue, CueFailed, HeardLess, Speech, Words
from coach.core.settings import Settings
from coach.core.span import Span, as_samples
from coach.review import analyse_events, summary
from coach.review.histogram import rows
from coach.review.lanes import Lanes
from coach.review.titles import missing_told


def speech(who: str, start: float, end: float) -> Speech:
    return Speech(at=as_samples(end + 0.2), who=who, span=Span.seconds(start, end), confidence=1.0)


def cue(kind: str, held_back: str | None = None) -> Cue:
    return Cue(
        at=0, kind=kind, form="tone", text="", to="Ben", given=held_back is None, held_back=held_back, because={}
    )


def looked_at(events, *, people=("Ana", "Ben"), **settings):
    return analyse_events(
        events, name="walk", duration=as_samples(200), channels=1, people=people, words=False,
        settings=Settings().as_dict() | settings,
    )  # fmt: skip


def shown(renderable, width: int = 80, **options) -> str:
    console = Console(file=io.StringIO(), width=width, **options)
    console.print(renderable)
    return console.file.getvalue()


def flat(text: str) -> str:
    return " ".join(text.split())


#            Ana 0-8          Ana 20-28        Ana 40-48        Ana 61-69
#   Ben      8.3-11 (soon)    27.5-31 (over)   51.5-54 (3.5)    71-74 (2.0)
FOUR_SHARES = [
    speech("Ana", 0, 8), speech("Ben", 8.3, 11),
    speech("Ana", 20, 28), speech("Ben", 27.5, 31),
    speech("Ana", 40, 48), speech("Ben", 51.5, 54),
    speech("Ana", 61, 69), speech("Ben", 71, 74),
]  # fmt: skip


def test_the_headline_counts_the_answers_that_came_after_the_chosen_breath():
    text = flat(shown(summary(looked_at(FOUR_SHARES), when="Friday")))
    assert text.startswith("Ana and Ben · walk · 3 min 20 s · Friday")
    assert "There were 4 answers to a share: 2 after a breath of 2 s or more, 2 sooner." in text
    assert "There were 4 answers to a share: 1 after a breath of 3 s" in flat(
        shown(summary(looked_at(FOUR_SHARES, pause=3.0)))
    )


def test_the_headline_says_how_a_growing_breath_grew_and_why():
    turns = [speech(("Ana", "Ben")[n % 2], 7 * n, 7 * n + 6) for n in range(6)]
    text = flat(shown(summary(looked_at(turns, pause_grows=True))))
    assert (
        "5 answers to a share: 4 after the breath of that moment, 1 sooner. The breath went from 0.5 to 1.1 s:" in text
    )
    assert "it grows by a tenth" in text


@pytest.mark.parametrize(("pause", "came"), [(0.7, "after"), (0.3, "sooner than")])
def test_of_one_answer_to_a_growing_breath_no_later_breath_is_told(pause: float, came: str):
    turns = [speech("Ana", 0, 8), speech("Ben", 8 + pause, 12)]
    text = flat(shown(summary(looked_at(turns, pause_grows=True))))
    assert f"There was 1 answer to a share; it came {came} the breath of that moment. The breath was 0.5 s:" in text
    assert "breath of 0.5 s or more" not in text


def test_the_headline_says_that_the_breath_began_with_earlier_sessions():
    turns = [speech(("Ana", "Ben")[n % 2], 7 * n, 7 * n + 6) for n in range(6)]
    text = flat(shown(summary(looked_at(turns, pause_grows=True, earlier_pause=0.8))))
    assert "The breath went from 0.9 to 1.0 s: it begins a tenth above the median of your last sessions" in text
    assert "(0.80 s)" in text
    assert "first four" not in text


def test_too_soon_and_over_are_shown_with_their_times():
    text = flat(shown(summary(looked_at(FOUR_SHARES))))
    assert "Sooner 2 of 4: Ben 0.30 s at 0:08 · Ben −0.50 s at 0:27 " in text
    assert "Over the end 1 of 4: Ben −0.50 s at 0:27 " in text


def test_the_first_of_many_moments_are_listed_and_the_rest_are_counted():
    events = [
        one for n in range(7) for one in (speech("Ana", n * 20, n * 20 + 8), speech("Ben", n * 20 + 8.3, n * 20 + 11))
    ]
    text = flat(shown(summary(looked_at(events))))
    assert "Sooner 7 of 7: Ben 0.30 s at 0:08 · Ben 0.30 s at 0:28 · 5 more" in text
    assert "at 0:48" not in text


def test_the_longest_silence_is_shown_with_the_person_who_held_it():
    text = flat(shown(summary(looked_at(FOUR_SHARES))))
    assert "Longest silence Ana 9.0 s at 0:11 (of 3) · Ben 3.5 s at 0:48 (of 3) " in text


def test_a_median_of_few_has_an_interval_but_of_very_few_or_many_it_has_none():
    def answers(count):
        talk = [
            (speech("Ana", n * 20, n * 20 + 8), speech("Ben", n * 20 + 8.1 + n / 10, n * 20 + 12)) for n in range(count)
        ]
        return flat(shown(summary(looked_at([one for pair in talk for one in pair]))))

    assert "9 answers, median 0.50 s (0.20 to 0.80 s)" in answers(9)
    assert "In brackets: with so few" in answers(9)
    assert "5 answers, median 0.30 s " in answers(5)
    assert "30 answers, median 1.6 s " in answers(30)
    assert "In brackets" not in answers(2)


def test_one_answer_is_told_as_one_answer_and_two_by_what_lies_midway():
    one = flat(shown(summary(looked_at(FOUR_SHARES[:2]))))
    assert "There was 1 answer to a share; it came sooner than a breath of 2 s." in one
    assert "1 answer, 0.30 s " in one
    assert "Speaker changed 1 time, 0.30 s; 0 before the end" in one
    assert "median" not in one
    two = flat(shown(summary(looked_at([*FOUR_SHARES[:2], *FOUR_SHARES[4:6]]))))
    assert "2 answers, midway 1.9 s " in two


def test_floor_transfers_are_shown_for_all_turns_with_a_real_minus_sign():
    text = flat(shown(summary(looked_at(FOUR_SHARES))))
    assert "Speaker changed 7 times, median 3.5 s (−0.50 to 9.0 s); 1 before the end" in text


def test_an_answer_to_a_question_is_not_among_the_pauses_after_a_share():
    asked = Words(
        at=as_samples(9), who="Ana", span=Span.seconds(5, 8), count=6, text=None, sentences=1, question=True, level="1"
    )
    told = Words(at=as_samples(9), who="Ana", span=Span.seconds(0, 5), count=16, text=None, sentences=2, level="1")
    text = flat(shown(summary(looked_at([*FOUR_SHARES, told, asked]))))
    assert "There were 3 answers to a share" in text
    assert "Sooner 1 of 3: Ben −0.50 s at 0:27 " in text


def test_the_histogram_has_a_bar_for_each_answer_and_a_line_for_the_breath():
    lines = shown(summary(looked_at(FOUR_SHARES))).splitlines()
    breath = next(n for n, line in enumerate(lines) if line.startswith("your breath, 2 s"))
    assert "┄┄┄" in lines[breath]
    assert lines[breath + 1].split()[:4] == ["2", "to", "3", "s"]
    assert lines[breath + 1].endswith("1")
    bars = [line for line in lines if "█" in line and line[-1].isdigit()]
    assert [line[:19].strip() for line in bars] == ["both at once", "0 to 0.5 s", "2 to 3 s", "3 to 5 s"]


def test_a_breath_between_the_usual_edges_gets_its_own_edge():
    labels = [(label, count) for label, count, _ in rows([1.4, 1.5, 1.6], breath=1.5)]
    assert ("1 to 1.5 s", 1) in labels
    assert ("1.5 to 2 s", 2) in labels
    assert [past for label, _, past in rows([], breath=1.5) if label == "1.5 to 2 s"] == [True]


def test_every_pause_is_in_one_bin():
    assert sum(count for _, count, _ in rows([-3.0, 0.0, 0.5, 4.9, 5.0, 99.0], breath=5.0)) == 6


def test_given_cues_are_counted_by_kind_and_held_back_ones_by_reason():
    cues = [cue("too_soon"), cue("too_soon"), cue("inward"), cue("over", "quiet-first"), cue("over", "budget")]
    text = flat(shown(summary(looked_at([*FOUR_SHARES, *cues]))))
    assert "Cues given 3: sooner than your breath 2 · inward 1 " in text
    assert "Cues held back 2: at the beginning 1 · soon after another cue 1 " in text
    assert "Cues" not in shown(summary(looked_at(FOUR_SHARES)))


def test_nothing_was_given_while_a_recording_was_analysed():
    text = flat(shown(summary(looked_at([*FOUR_SHARES, cue("too_soon"), cue("over", "budget")]), of_recording=True)))
    assert "Would have given 1: sooner than your breath 1 Cues held back 1: soon after another cue 1 " in text
    assert "Cues given" not in text


def test_cues_that_nobody_could_hear_are_counted_apart():
    unheard = CueFailed(at=0, kind="inward", reason="there is no speaker")
    text = flat(shown(summary(looked_at([*FOUR_SHARES, cue("too_soon"), cue("inward"), unheard]))))
    assert (
        "Cues given 2: sooner than your breath 1 · inward 1 Of these silent 1: inward 1 (they could not be played) "
        in text
    )
    assert "silent" not in shown(summary(looked_at([*FOUR_SHARES, cue("too_soon")])))


def test_lost_sound_is_reported_with_the_silences_that_were_not_measured():
    gap = AudioGap(at=as_samples(52), span=Span.seconds(49, 50.5), reason="unplugged")
    text = flat(shown(summary(looked_at([*FOUR_SHARES, gap]))))
    assert "Not heard 1.5 s in 1 gap; 1 of 7 changes of speaker is not measured" in text
    assert "There were 3 answers" in text
    elsewhere = AudioGap(at=as_samples(95), span=Span.seconds(90, 92), reason="unplugged")
    assert "it touches none of 7 changes of speaker" in flat(shown(summary(looked_at([*FOUR_SHARES, elsewhere]))))


def test_an_answer_that_came_sooner_than_the_breath_is_never_shown_as_long_as_it():
    events = [speech("Ana", 0, 8), Speech(at=as_samples(12), who="Ben", span=Span.seconds(9.996, 12), confidence=1.0)]
    assert "1 of 1: Ben 1.99 s at 0:09" in flat(shown(summary(looked_at(events))))


def test_a_machine_that_was_too_busy_to_listen_closely_is_told_of():
    busy = HeardLess(at=as_samples(10), without=("windows", "overlap", "words"))
    less, again = HeardLess(at=as_samples(50), without=("windows",)), HeardLess(at=as_samples(80), without=())
    text = flat(shown(summary(looked_at([*FOUR_SHARES, busy, less, again]))))
    assert "For 1 min 10 s this machine was too busy to listen closely" in text
    assert "For 40 s of that it read words only afterwards, so that no cue could rest on them." in text
    assert "only afterwards" not in flat(shown(summary(looked_at([*FOUR_SHARES, less, again]))))
    assert "too busy" not in flat(shown(summary(looked_at(FOUR_SHARES))))
    (named,) = missing_told(looked_at([*FOUR_SHARES, less, again]))
    assert named == "heard less closely: 30.0 s in 1 stretch"


def test_amounts_of_talk_are_in_the_order_of_names_and_rank_nobody():
    text = shown(summary(looked_at(FOUR_SHARES, people=("Ben", "Ana"))))
    assert text.index("Ben 27%, 11.7 s: 4 turns, longest 3.5 s") < text.index("Ana 73%, 32.0 s: 4 turns, longest 8.0 s")


def test_an_unknown_voice_is_called_unknown():
    text = shown(summary(looked_at([*FOUR_SHARES, speech("?", 80, 82)])))
    assert "an unknown voice 4%" in text
    assert "?" not in text


def test_overlaps_are_divided_by_whether_the_floor_was_transferred():
    events = [*FOUR_SHARES, speech("Ben", 4, 4.5)]
    assert "1 as the speaker changed (0.50 s), 1 without (0.50 s)" in flat(shown(summary(looked_at(events))))


def test_if_nothing_was_heard_the_review_is_kind_and_shows_no_figures():
    text = shown(summary(looked_at([])))
    assert "No turns were heard." in text
    assert "all is well" in text
    assert "%" not in text
    assert "Pauses" not in text


def test_nobody_is_said_to_have_spoken_alone_if_the_coach_could_not_tell_who_spoke():
    text = flat(shown(summary(looked_at([speech("?", 0, 8), speech("?", 53, 60)]))))
    assert "1 turn heard. The coach was not sure who spoke, so it says nothing about pauses before an answer." in text
    assert "nobody else" not in text


def test_the_headline_marks_answers_of_which_it_is_unsure_whose_they_are():
    text = flat(shown(summary(looked_at([*FOUR_SHARES, speech("?", 80, 99)]))))
    assert "~There were" in text


def test_the_review_of_one_person_says_that_there_was_no_answer():
    text = shown(summary(looked_at([speech("Ana", 0, 8)], people=("Ana",))))
    assert "Ana spoke in 1 turn; nobody else was heard" in text
    assert "Sooner" not in text


def test_talk_without_a_share_says_that_there_is_no_pause_to_show():
    text = flat(shown(summary(looked_at([speech("Ana", 0, 2), speech("Ben", 2.5, 4.5)]))))
    assert "2 turns were heard, but no answer to a share" in text


KINDS = ("feelings", "needs", "impulses", "thoughts", "energy", "dreams", "hopes", "mourning")
RESPONSES = ("reflection", "open question", "detail question", "advice", "own story", "reassurance", "other")


def read(who: str, start: float, end: float, level: str, **more) -> Words:
    return Words(at=as_samples(end + 1), who=who, span=Span.seconds(start, end), count=20, level=level, **more)


def test_kinds_of_experience_are_counted_in_turns_per_person_and_never_added_up():
    told = [read("Ana", 0, 8, "3", kinds=("needs", "hopes")), read("Ana", 20, 28, "2", kinds=("needs",))]
    text = flat(shown(summary(looked_at([*FOUR_SHARES, *told, read("Ben", 8.3, 11, "3", kinds=("mourning",))]))))
    assert "Probably told Ana, in 2 turns: needs 2 · hopes 1 Ben, in 1 turn: mourning 1 " in text
    many = [read("Ana", 0, 8, "3", kinds=KINDS)]
    assert "needs 1 · impulses 1 · … " in flat(shown(summary(looked_at([*FOUR_SHARES, *many]))))
    assert "Probably told" not in shown(summary(looked_at(FOUR_SHARES)))


def test_kinds_of_answers_are_counted_in_turns():
    answers = [read("Ben", 8.3, 11, "1", response="advice"), read("Ben", 27.5, 31, "1", response="reflection")]
    text = flat(shown(summary(looked_at([*FOUR_SHARES, *answers]))))
    assert "Kinds of answer of 4: reflection 1 · advice 1 · no words 2 " in text
    assert "Kinds of answer" not in shown(summary(looked_at(FOUR_SHARES)))


def test_why_no_tone_came_is_said_on_the_terminal_too():
    held, given = cue("too_soon", "hushed"), cue("too_soon")
    why = "No tone followed an answer that came sooner than your breath: the coach had been asked to be quiet."
    assert why in flat(shown(summary(looked_at([*FOUR_SHARES, held]))))
    would_have = flat(shown(summary(looked_at([*FOUR_SHARES, held]), of_recording=True)))
    assert "No tone would have followed" in would_have
    assert "No tone" not in flat(shown(summary(looked_at([*FOUR_SHARES, held, given]))))


def lanes(events, *, width=50, marks=(), people=("Ana", "Ben")) -> list[str]:
    """The lines of the timeline of 200 seconds; with 45 columns of time, five columns of names."""
    return [line.plain.rstrip() for line in Lanes(looked_at(events, people=people), marks).lines(width)]


def test_each_person_has_a_lane_with_turns_at_their_times():
    ana, ben, axis = lanes([speech("Ana", 0, 20), speech("Ben", 100, 140), speech("Ana", 190, 200)], width=46)
    assert ana == "Ana   " + "━" * 4 + " " * 34 + "━" * 2
    assert ben == "Ben   " + " " * 20 + "━" * 8
    assert axis.split() == ["0:00", "1:40", "3:20"]
    assert axis.index("1:40") - len("Ana   ") in (17, 18, 19)


def test_the_height_of_a_turn_is_its_probable_depth():
    events = [
        event
        for n, level in enumerate("N123")
        for event in (speech("Ana", n * 40, n * 40 + 30), read("Ana", n * 40, n * 40 + 30, level))
    ]
    events += [event for n in range(4) for event in (speech("Ben", n * 40 + 32, n * 40 + 38),)]
    ana, ben, _ = lanes(events)
    assert "".join(dict.fromkeys(ana[6:].replace(" ", ""))) == "▂▄▆█"
    assert set(ben[6:]) == {" ", "━"}
    assert "▂ no sharing ▄ what happened ▆ mixed █ experience, probably" in flat(shown(summary(looked_at(events))))
    assert "━ speaks" in shown(summary(looked_at(FOUR_SHARES)))


def test_an_mm_hm_is_a_dot_if_the_person_has_no_turn_there():
    _, ben, _ = lanes([speech("Ana", 0, 100), speech("Ben", 50, 50.5), speech("Ben", 102, 108)])
    assert ben[6:].split() == ["·", "━━"]


def test_in_one_column_a_turn_wins_over_an_mm_hm():
    _, ben, _ = lanes([speech("Ana", 0, 48), speech("Ben", 46, 47), speech("Ben", 49.5, 60)], width=46)
    assert ben[6:].split() == ["━━━"]


def test_given_cues_and_marks_have_their_own_line_and_held_back_cues_have_none():
    given = Cue(
        at=as_samples(100), kind="inward", form="tone", text="", to="Ana", given=True, held_back=None, because={}
    )
    line = lanes([*FOUR_SHARES, given], marks=[199.9], width=46)[2]
    assert line.startswith("cues")
    assert (line.index("♪"), line.index("◆")) == (6 + 20, 6 + 39)
    assert len(lanes([*FOUR_SHARES, cue("inward", "budget")])) == 3
    assert lanes(FOUR_SHARES, marks=[1.0])[2].startswith("marks")


def test_the_timeline_begins_where_the_check_in_ended():
    talk = looked_at([speech("Ana", 110, 150), speech("Ben", 150, 200)])
    talk["recording"]["counted_from_s"] = 100.0
    ana, ben, marks, axis = [line.plain.rstrip() for line in Lanes(talk, [20.0, 150.0]).lines(46)]
    assert ana == "Ana   " + " " * 4 + "━" * 16
    assert ben == "Ben   " + " " * 20 + "━" * 20
    assert marks == "marks " + " " * 20 + "◆"
    assert axis.split() == ["1:40", "2:30", "3:20"]


def test_long_names_and_narrow_terminals_leave_a_readable_lane():
    people = ("A person with a very long name indeed", "Ben")
    lines = lanes([speech(people[0], 0, 100), speech("Ben", 102, 150)], width=30, people=people)
    assert lines[0].startswith("A person wi…  ━━")
    assert max(map(len, lines)) <= 30


def busy():
    events = []
    for n in range(40):
        t = n * 20
        events += [speech("Ana", t, t + 8), speech("Ben", t + 2, t + 2.4), speech("Ben", t + 7.6 + n % 5, t + 14)]
        events += [cue("too_soon", reason) for reason in (None, "budget", "quiet-first", "words-late")]
        events += [read("Ana", t, t + 8, "123N"[n % 4], kinds=KINDS[n % 4 : n % 4 + 3])]
        events += [read("Ben", t + 7.6 + n % 5, t + 14, "12"[n % 2], kinds=KINDS[n % 5 :], response=RESPONSES[n % 7])]
    return [*events, AudioGap(at=0, span=Span.seconds(70, 72), reason="unplugged")]


@pytest.mark.parametrize("colour", [None, "truecolor"])
def test_the_output_fits_a_terminal_of_80_by_40(colour):
    text = shown(summary(looked_at(busy()), when="Friday 3 May 2024, 14:20"), force_terminal=False, color_system=colour)
    lines = Text.from_ansi(text).plain.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 80


def test_piped_output_has_no_colour_codes():
    assert "\x1b" not in shown(summary(looked_at(busy())))
    assert "\x1b[" in shown(summary(looked_at(busy())), force_terminal=True, color_system="truecolor", no_color=False)


def test_the_review_explains_its_terms_and_that_the_breath_is_a_practice():
    text = flat(shown(summary(looked_at(FOUR_SHARES))))
    assert "A share is a turn with 5 s of speech or more" in text
    assert "a practice, not a norm" in text
    for judging in ("score", "should", "better", "worse", "best", "interruption"):
        assert judging not in text.lower()


def test_names_that_look_like_markup_are_shown_as_they_are():
    text = shown(summary(looked_at([speech("[red]Al", 0, 8)], people=("[red]Al",))))
    assert "[red]Al spoke" in text
    assert "[red]Al 100%" in text
