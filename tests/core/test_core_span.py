"""Edge cases of spans: adjacent, empty, and the samples they contain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.core.span import Span, joined


def test_a_span_contains_its_first_sample_but_not_its_end():
    span = Span(10, 20)
    assert [sample in span for sample in (9, 10, 19, 20)] == [False, True, True, False]


@pytest.mark.parametrize("silence", [4, 5, 6])
def test_only_a_silence_shorter_than_the_join_is_closed(silence):
    spans = [Span(0, 10), Span(10 + silence, 30)]
    assert joined(spans, join=5) == ([Span(0, 30)] if silence < 5 else spans)


def test_spans_that_touch_are_joined():
    assert joined([Span(0, 10), Span(10, 20)]) == [Span(0, 20)]


@pytest.mark.parametrize("other", [Span(20, 30), Span(10, 30)])
def test_an_intersection_never_ends_before_it_begins(other):
    shared = Span(0, 10) & other
    assert shared.end == shared.start == other.start


spans = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 100), st.integers(0, 30))


@given(spans, st.integers(-50, 200))
def test_an_empty_span_adds_nothing_to_a_hull(span, at):
    for hull in (span | Span(at, at), Span(at, at) | span):
        assert hull == span if span else not hull


@given(spans, spans, spans)
def test_a_hull_contains_both_spans_in_either_order(a, b, c):
    held = [*range(a.start, a.end), *range(b.start, b.end)]
    hull = a | b
    assert (hull.start, hull.end - 1) == (min(held), max(held)) if held else not hull
    assert a | b == b | a or not hull
    assert (a | b) | c == a | (b | c) or not (hull or c)
