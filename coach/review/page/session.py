"""The page of one session. Its sections, in order:

    three sentences, a moment, one thing to try · the sentence · the conversation over time · cues and marks ·
    room after a share · sooner than the breath · silences held · talk and turns · what was told · how shares were
    answered · every number · what the numbers can and cannot say

Every figure comes from the "coach.analysis/1" object. Silences, overlaps, marks and levels over time, which it lacks,
come from the events.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coach.core.events import Event
from coach.core.languages import FIRST
from coach.core.span import as_seconds
from coach.core.texts import Texts, texts
from coach.review.analysis import Analysis, session_analysis, timing_in
from coach.review.looking_back import looked_back
from coach.review.page.answers import moments, pauses, responses, silences
from coach.review.page.depth import depth
from coach.review.page.document import Lead, Number, Page, Section
from coach.review.page.happened import Happened, happened
from coach.review.page.limits import SOURCES, notes
from coach.review.page.numbers import all_numbers, numbers
from coach.review.page.talk import talk
from coach.review.page.timeline import signs, timeline
from coach.review.terminal import check_in_told, headline, unsure_told
from coach.review.titles import busy_told
from coach.review.wording import date, lasting, listed
from coach.sessions import StoredSession


def session_page(
    session: StoredSession, events: Iterable[Event], language: str = FIRST, *, kept: str | None = None
) -> Page:
    """The page of a stored session, in `language`. It contains people's words only if the session keeps words.

    `kept` is what it still holds of words and sound (`Store.holds`); by default, what it was to keep.
    """
    says = texts(language)
    events = list(events)
    analysis = session_analysis(session, events, words=session.keep != "stats")
    seen = happened(events, timing_in(analysis["settings"]), session.last, analysis["people"])
    when = session.started
    return Page(
        language=language,
        title=f"{listed(analysis['people'], says) or says['nobody']}, {date(when, says)}",
        line=" · ".join(
            (
                says["page.session"].format(n=session.id) if session.id else session.source,
                f"{when:%H:%M}",
                lasting(as_seconds(session.last)),
                says[f"page.kept.{kept or session.keep}"],
                *filter(None, [check_in_told(analysis, says)]),
            )
        ),
        lead=_lead(analysis, events, says),
        sentence=headline(analysis, says),
        aside=says["limits.score"],
        sections=(
            Section(
                id="when",
                title=says["when.title"],
                text=(*unsure_told(analysis, says), *busy_told(analysis, says)),
                numbers=_missing(analysis, says),
                figures=(timeline(analysis, seen, says, of_recording=session.of_recording),),
            ),
            *_signs(analysis, seen, says, of_recording=session.of_recording),
            pauses(analysis, says),
            moments(analysis, says),
            silences(analysis, seen, says),
            talk(analysis, says),
            depth(analysis, seen, says),
            responses(analysis, says),
            all_numbers(analysis, says),
        ),
        notes=notes(says),
        sources=SOURCES,
    )


def _lead(analysis: Analysis, events: Sequence[Event], says: Texts) -> tuple[Lead, ...]:
    """Three plain sentences, one moment, one thing to try, unless nobody spoke; and what each person agreed to."""
    back = looked_back(analysis, events, says)
    parts = [Lead(text=back.stopped)] if back.stopped else []
    if back.to_try:
        parts.append(Lead(text=back.sentences))
    if back.moment is not None:
        parts.append(Lead(title=says["session.moment_silent"], text=(back.moment.says,), quote=back.moment.text or ""))
    if back.to_try:
        parts.append(Lead(title=says["session.try"], text=(back.to_try,)))
    if back.said:
        parts.append(Lead(title=says["session.agreed"], text=back.said))
    return tuple(parts)


def _signs(analysis: Analysis, seen: Happened, says: Texts, *, of_recording: bool) -> tuple[Section, ...]:
    table = signs(analysis, seen, says)
    title = says["signs.title_recording" if of_recording else "signs.title"]
    return (Section(id="signs", title=title, table=table),) if table is not None else ()


def _missing(analysis: Analysis, says: Texts) -> tuple[Number, ...]:
    """The figures of lost sound and of voices that could not be told apart, if there are such."""
    figures = analysis["statistics"]
    lost = ("unheard_s", "unmeasured_transfers") if figures["unheard_s"]["n"] else ()
    return numbers(analysis, says, *lost, *(("unsure_share",) if figures["transfers"].get("unsure") else ()))
