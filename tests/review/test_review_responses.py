"""Which turn of an analysis carries a response, combined over its stretches."""

from coach.conversation import Turn
from coach.core.events import Words
from coach.core.span import Span
from coach.review.readings import combined_response, turn_responses


def turn(who, start, *, share=False, kind="turn", responses=()):
    span = Span(start, start + 100)
    words = tuple(Words(at=span.end, who=who, span=span, count=n, response=kind) for kind, n in responses)
    return Turn(who=who, span=span, kind=kind, units=(span,), speech=100, share=share, words=words)


def test_only_turns_that_answer_a_share_carry_a_response():
    said = [("advice", 5)]
    turns = [
        turn("Ana", 0, responses=said),
        turn("Ben", 200, responses=said),  # does not answer a share
        turn("Ana", 400, share=True, responses=said),
        turn("Ben", 600, kind="backchannel", responses=[("backchannel", 1)]),
        turn("Ana", 800, share=True),
        turn("Ben", 1000, responses=said),
        turn("Ana", 1200, responses=said),  # Ben's turn was not a share
    ]
    assert turn_responses(turns) == [None, None, None, "backchannel", None, "advice", None]


def test_a_turn_without_words_has_no_response():
    assert turn_responses([turn("Ana", 0, share=True), turn("Ben", 200)]) == [None, None]


def test_the_kind_with_the_most_words_wins_and_small_words_do_not_hide_it():
    assert combined_response([("reflection", 4), ("advice", 9)]) == "advice"
    assert combined_response([("backchannel", 2), ("other", 20), ("reflection", 4)]) == "reflection"
    assert combined_response([("backchannel", 2)]) == "backchannel"
