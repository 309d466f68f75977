"""The contents and order of a session's page, which match the analysis."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.conversation import DEFAULTS
from coach.conversation.measures.stat import OVERALL, PERSONAL
from coach.core.events import UNKNOWN, Enrolled, Event, Hushed
from coach.core.span import Span, as_samples
from coach.review import session_analysis
from coach.review.figures import definition
from coach.review.page import Figure, Page, html, session_page
from coach.review.page.answers import OVERLAP, PAST, SOONER, bins
from coach.review.page.happened import happened
from coach.sessions import RECORDING
from tests.made_language import SHIPPING
from tests.page.page_talk import ANA, BEN, CODE, EVENTS, bowl, session, speech, talk_page, told


def figures(page: Page) -> dict[str, Figure]:
    return {figure.id: figure for section in page.sections for figure in section.figures}


def rows(page: Page, figure: str) -> list[dict]:
    spec = figures(page)[figure].spec
    assert spec is not None
    return spec["data"]["values"]


def lane(page: Page, name: str) -> list[str]:
    return [row["says"] for row in rows(page, "timeline") if row["lane"] == name]


# ------------------------------------------------------------------------------------------------- order, and figures


def test_the_page_has_its_sections_in_order():
    page = talk_page()
    assert page.sentence == "There were 4 answers to a share: 2 after a breath of 2 s or more, 2 sooner."
    assert [section.id for section in page.sections] == [
        "when", "signs", "pauses", "soon", "silences", "talk", "depth", "responses", "numbers",
    ]  # fmt: skip
    assert page.notes
    assert page.sources


def test_the_page_leads_with_three_sentences_a_moment_and_one_thing_to_try():
    sentences, moment, to_try = talk_page().lead
    assert (len(sentences.text), sentences.title) == (3, "")
    assert moment.quote == f"I feel sad. {CODE}"
    assert (to_try.title, len(to_try.text)) == ("One thing to try next time", 1)
    assert html(talk_page()).index("One moment to come back to") < html(talk_page()).index("<nav")


def test_an_empty_session_leads_with_nothing():
    assert session_page(session(), []).lead == ()


def test_every_statistic_is_on_the_page_digit_for_digit():
    analysis = session_analysis(session(), told())
    (table,) = [section.table for section in talk_page().sections if section.id == "numbers"]
    assert table is not None
    shown = {
        name: (None if value == "–" else json.loads(value), unit, int(n)) for name, value, unit, n, _, _ in table.rows
    }
    assert shown == {
        name: (figure["value"], figure["unit"], figure["n"]) for name, figure in analysis["statistics"].items()
    }


def test_single_numbers_are_those_of_the_analysis_with_their_count_and_definition():
    analysis = session_analysis(session(), told())
    numbers = [number for section in talk_page().sections for number in section.numbers]
    assert {"answering_pause_median_s", "too_soon", "over", f"holding_s.{BEN}"} <= {number.name for number in numbers}
    for number in numbers:
        figure = analysis["statistics"][number.name]
        assert (number.value, number.n) == (figure["value"], figure["n"])
        assert number.definition.startswith(definition(number.name))


def test_no_figure_counts_something_of_nothing():
    unknown = session_page(session(), [speech(UNKNOWN, 0, 8), speech(UNKNOWN, 53, 60)])
    shown = {number.name for section in unknown.sections for number in section.numbers}
    assert not {"after_breath", "too_soon", "over", "lapses"} & shown
    assert f"holding_s.{BEN}" not in shown


def test_every_statistic_has_a_definition():
    assert all(definition(name) for name in session_analysis(session(), told())["statistics"])
    assert {one.name for one in (*OVERALL, *PERSONAL)} <= {  # type: ignore[attr-defined]
        name.partition(".")[0] for name in session_analysis(session(), told())["statistics"]
    }


def test_every_figure_has_an_explanation_and_a_table_of_the_same_data():
    for figure in figures(talk_page()).values():
        assert figure.about
        assert figure.label
        assert figure.table.rows
        assert all(len(row) == len(figure.table.head) for row in figure.table.rows)


# --------------------------------------------------------------------------------------------------- the timeline


def test_the_timeline_has_a_lane_for_each_person_and_one_for_everything_else_that_happened():
    assert lane(talk_page(), ANA)[1] == f"{ANA}, 0:20 to 0:28, 8.0 s: a share – “Then the train was late.”"
    assert f"{BEN}, 0:44 to 0:44, 0.40 s: “mm-hm”" in lane(talk_page(), BEN)
    assert lane(talk_page(), "silence")[0] == f"silence, 0:08 to 0:08, 0.30 s: after {ANA}, until {BEN} spoke"
    assert lane(talk_page(), "both at once") == [
        f"both at once, 0:27 to 0:28, 0.50 s: {ANA} and {BEN}; the floor changed hands",
        f"both at once, 0:44 to 0:44, 0.40 s: {ANA} and {BEN}; {ANA} kept the floor",
    ]
    assert lane(talk_page(), "coach") == [
        "coach, 0:09: cue held back (at the beginning): sooner than your breath, a tone, began 0.30 s after the end",
        "coach, 0:29: cue given: over the end, a tone, began 0.30 s after the end",
        "coach, 0:55 to 0:58, 3.0 s: asked to be quiet",
        "coach, 1:10: cue given: inward, “…and how is that in you?”, began 0.30 s after the end",
    ]
    assert lane(talk_page(), "marks") == [f"marks, 0:15: {CODE}"]
    assert lane(talk_page(), "not heard") == [f"not heard, 1:20 to 1:22, 2.0 s: sound was lost: {CODE}"]


def signs_of(page: Page) -> list[tuple[str, ...]]:
    (table,) = [section.table for section in page.sections if section.id == "signs"]
    assert table is not None
    return list(table.rows)


def test_a_turn_taking_exercise_shows_whose_turn_to_share_it_was():
    page = session_page(session(), [*told(), bowl(30, 20.0), bowl(50, 40.0)])
    assert lane(page, "by the clock") == [
        f"by the clock, 0:10 to 0:30, 20.0 s: {ANA} shared, the other listened",
        f"by the clock, 0:30 to 0:50, 20.0 s: {BEN} shared, the other listened",
    ]
    assert [row["whose"] for row in rows(page, "timeline") if row["lane"] == "by the clock"] == [ANA, BEN]
    assert ("0:30", "a bowl: now the other shares") in signs_of(page)
    assert ("0:50", "a bowl: both have had their time") in signs_of(page)
    cut_short = session_page(session(), [*told(), bowl(30, 20.0)])
    assert lane(cut_short, "by the clock")[1].startswith("by the clock, 0:30 to 1:40")
    assert lane(talk_page(), "by the clock") == []


def test_cues_are_told_in_their_words_below_the_timeline_with_marks_and_quiet():
    assert signs_of(talk_page()) == [
        ("0:15", f"marked: {CODE}"),
        ("0:29", f"a soft tone for {BEN}, who began 0.30 s after the other"),
        ("0:55", "you asked the coach to be quiet, for 3.0 s"),
        ("1:10", f"“…and how is that in you?” for {BEN}, who began 0.30 s after the other"),
    ]
    silent = session_page(session(), [speech(ANA, 0, 8), speech(BEN, 9, 12)])
    assert "signs" not in [section.id for section in silent.sections]


def test_of_a_recording_the_page_tells_the_cues_that_the_coach_would_have_given():
    page = session_page(replace(session(), attribution=RECORDING), told())
    assert "coach, 0:29: a cue that the coach would have given: over the end, a tone" in "".join(lane(page, "coach"))
    assert "Cues that the coach would have given, and marks" in [section.title for section in page.sections]
    key = " ".join(meaning for _, meaning in figures(page)["timeline"].key)
    assert "● a cue that the coach would have given" in key
    assert "cue given" not in key


@pytest.mark.parametrize("figure", ["timeline", "depth-figure"])
def test_charts_over_time_begin_where_the_introduction_ended(figure):
    def begins(*events: Event) -> float:
        spec = figures(session_page(session(), [*events, *told()]))[figure].spec
        assert spec is not None
        return spec["layer"][0]["data"]["values"][0]["start"]

    assert begins() == 0
    assert begins(Enrolled(at=as_samples(3), who=BEN, span=Span.seconds(1, 2))) == 0, "too little to leave out"
    assert begins(Enrolled(at=as_samples(50), who=BEN, span=Span.seconds(40, 49))) == 50_000


def test_the_key_of_the_timeline_explains_what_is_drawn_and_nothing_else():
    def key(page: Page) -> str:
        return " ".join(meaning for _, meaning in figures(page)["timeline"].key)

    assert all(sign in key(talk_page()) for sign in ("tall", "low", "●", "○", "be quiet", "◆"))
    plain = key(session_page(session(), [speech(ANA, 0, 8), speech(BEN, 9, 12)]))
    assert not any(sign in plain for sign in ("low", "●", "○", "be quiet", "◆", "clock"))


def test_an_unknown_voice_has_a_lane_and_is_called_unknown():
    page = session_page(session(), [*told(), speech(UNKNOWN, 90, 92)])
    assert lane(page, "an unknown voice") == ["an unknown voice, 1:30 to 1:32, 2.0 s: turn"]


def test_recognised_words_are_on_the_page_only_if_they_were_kept():
    assert "the train was late" in html(talk_page())
    silent = html(talk_page(keep="stats"))
    assert "the train was late" not in silent
    assert "no words kept" in silent


# --------------------------------------------------------------------------------------------------- answers


def test_answers_are_divided_into_overlaps_those_before_and_those_after_the_breath():
    kinds = Counter({row["kind"]: 0 for row in rows(talk_page(), "pauses-figure")})
    for row in rows(talk_page(), "pauses-figure"):
        kinds[row["kind"]] += row["answers"]
    assert kinds == {OVERLAP: 1, SOONER: 1, PAST: 2}


def test_the_chosen_breath_is_drawn_in_its_place():
    spec = figures(session_page(session(pause=3.0), told()))["pauses-figure"].spec
    assert spec is not None
    lines = [layer["data"]["values"][0] for layer in spec["layer"] if "data" in layer]
    assert lines == [{"at": 3.0, "text": "your breath, 3 s"}] * 2


@given(st.lists(st.floats(-30, 400).map(lambda s: round(s, 3)), max_size=60), st.sampled_from((0.5, 1.3, 2.0, 5.0)))
def test_every_pause_is_in_exactly_the_bin_that_contains_it(pauses, breath):
    found = bins(pauses, breath)
    assert sum(row["answers"] for row in found) == len(pauses)
    for pause in pauses:
        kind = OVERLAP if pause < 0 else SOONER if pause < breath else PAST
        assert [row for row in found if row["low"] <= pause < row["high"] and row["kind"] == kind]


def test_the_times_of_early_answers_are_listed_and_link_to_the_timeline():
    (soon,) = [section for section in talk_page().sections if section.id == "soon"]
    assert soon.table is not None
    assert soon.table.rows == (
        ("0:08", BEN, ANA, "began 0.30 s after the end", "sooner than your breath"),
        ("0:27", BEN, ANA, "began 0.50 s before the end", "over the end"),
    )
    assert soon.table.when == (8.3, 27.5)


def test_the_longest_silence_in_the_chart_is_the_longest_held():
    analysis = session_analysis(session(), told())
    longest = max(row["length"] for row in rows(talk_page(), "silences-figure") if row["lane"] == BEN)
    assert longest == analysis["statistics"][f"holding_s.{BEN}"]["value"] == 3.5


def test_how_shares_were_answered_is_counted_by_kind_and_ascribed_to_nobody():
    told_so = [(row["lane"], row["answers"]) for row in rows(talk_page(), "responses-figure")]
    assert told_so == [("reflection", 1), ("advice", 1)]
    figure = figures(talk_page())["responses-figure"]
    assert not any(BEN in str(part) for part in (figure.spec, figure.table, figure.key))


@pytest.mark.parametrize("language", SHIPPING)
def test_no_figure_is_named_as_a_verdict(language):
    told_so = html(session_page(session(), told(), language)).partition('<div id="tip"')[0].lower()  # no scripts
    assert not [word for word in ("too soon", "zu früh", "too late", "n = ", ">null<") if word in told_so]


def test_it_says_before_the_first_figure_that_nobody_is_scored_and_what_a_share_is():
    written = html(talk_page())
    assert written.index("Nobody is scored here") < written.index("<main")
    assert written.count("Nobody is scored here") == 1
    assert "A share is a turn in which somebody told something" in written


def test_a_page_that_is_served_leads_elsewhere_and_one_that_is_kept_as_a_file_does_not():
    served = html(replace(talk_page(), links=(("/session/7", "Back to the talk"),)))
    assert '<a href="/session/7">← Back to the talk</a>' in served
    assert 'href="/' not in html(talk_page())


def test_depth_has_a_band_per_person_with_each_stretch_as_read_and_no_totals():
    read = [(row["lane"], row["start"], row["what"]) for row in rows(talk_page(), "depth-figure")]
    assert read[0] == (ANA, 0, "probably experience: feelings, mourning")
    assert (ANA, 40_000, "probably mixed: needs") in read
    assert [(row["lane"], row["times"]) for row in rows(talk_page(), "kinds-figure")] == [
        ("feelings", 1), ("needs", 1), ("mourning", 1),
    ]  # fmt: skip


# --------------------------------------------------------------------------------------- what the events still hold


def test_a_coach_that_was_not_unhushed_is_quiet_to_the_end():
    events = [Hushed(at=as_samples(5), on=True), Hushed(at=as_samples(7), on=True)]
    assert happened(events, DEFAULTS, as_samples(9), ()).hushed == (Span.seconds(5, 9),)
    assert happened([Hushed(at=0, on=False)], DEFAULTS, as_samples(9), ()).hushed == ()


def test_a_silence_with_lost_sound_is_not_drawn():
    lost = [*told(), speech(ANA, 84, 86)]  # after Ben, who ended at 74; the gap is in between
    assert [one.span.end_s for one in happened(lost, DEFAULTS, as_samples(100), ()).held][-1] == 71.0
    without = [event for event in lost if type(event).__name__ != "AudioGap"]
    assert [one.span.end_s for one in happened(without, DEFAULTS, as_samples(100), ()).held][-1] == 84.0


# ---------------------------------------------------------------------------------------- sessions with little in them


def test_if_nothing_was_heard_the_page_says_so_and_is_still_complete():
    page = session_page(session(last=0), [])
    assert page.sentence.startswith("No turns were heard.")
    assert all(figure.spec is None and figure.empty for name, figure in figures(page).items() if name != "timeline")
    assert html(page)


def test_without_words_depth_and_answers_say_why_they_are_empty():
    page = session_page(session(), [event for event in EVENTS if type(event).__name__ != "Words"])
    assert "No words were recognised" in figures(page)["depth-figure"].empty
    assert figures(page)["depth-figure"].spec is None
    assert figures(page)["responses-figure"].spec is None
    assert figures(page)["pauses-figure"].spec is not None


def test_one_person_alone_has_turns_and_no_answers():
    page = session_page(session(people=(ANA,)), [speech(ANA, 0, 8)])
    assert figures(page)["pauses-figure"].spec is None
    assert figures(page)["silences-figure"].spec is None
    assert len(rows(page, "lengths-figure")) == 1


# --------------------------------------------------------------------------------------------------------- the file


def test_typed_and_spoken_words_are_plain_text_everywhere():
    whole = html(talk_page())
    assert "document.title = " in whole  # it is told
    assert "<script>document.title" not in whole
    assert "<img src=x" not in whole
    assert "<b>&amp;" not in whole


def test_the_page_of_five_thousand_turns_is_under_two_megabytes():
    events = [
        one for n in range(2500) for one in (speech(ANA, n * 6, n * 6 + 2.5), speech(BEN, n * 6 + 3, n * 6 + 5.5))
    ]
    page = html(session_page(session(last=15_000), events))
    assert len(page.encode()) < 2_000_000
    assert "The first 300 of 5000 rows;" in page


@pytest.mark.parametrize("judging", ["should", "worse", "well done", "good job", "too much", "too little", "failed"])
def test_the_wording_of_the_page_judges_nobody(judging):
    page = talk_page(keep="stats")
    own = html(page).partition("<body>")[2].partition("<script>")[0]
    assert judging not in own.lower()


def test_figures_of_two_people_are_rows_with_a_place_for_each_and_those_of_one_stand_alone():
    (talk,) = [section for section in talk_page().sections if section.id == "talk"]
    assert (talk.people, talk.single) == ((ANA, BEN), ())
    turns = talk.rows[0]
    assert [(number and number.label, number and number.who) for number in turns] == [("Turns", ANA), ("Turns", BEN)]
    (pauses,) = [section for section in talk_page().sections if section.id == "pauses"]
    assert pauses.rows == ()  # only Ben answered: his figure needs no column
    assert any(number.who == BEN for number in pauses.single)
