"""Every figure of a session has the same value under the same name wherever the command shows it.

Eleven stored sessions go through the real command. The JSON export is what all other outputs are compared with, after
its own rows and statistics were compared with each other.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coach.cli.main import main
from coach.core.events import AudioGap, Cue, Ended, Enrolled, Event, Speech, Words
from coach.core.languages import FIRST
from coach.core.settings import Settings, data_folder
from coach.core.span import Span, as_samples
from coach.core.texts import texts
from coach.review.titles import title
from coach.runtime import ALONE, segment_events
from coach.sessions import DATABASE_FILE, SessionHeader, Store

PAIR = ("Ana", "Ben")
ONE_DECIMAL, MINUTE = 1.0, 60.0  # seconds from which a time is shown with one decimal, and in minutes
KINDS = ["feelings", "needs", "impulses", "thoughts", "energy", "dreams", "hopes", "mourning"]
KIND_NAMES = {kind: texts(FIRST)[f"kind.{kind}"] for kind in KINDS}  # on the page
Statistics = dict[str, dict[str, Any]]


def speech(who: str, start: float, end: float, confidence: float = 1.0) -> Speech:
    return Speech(at=as_samples(end + 0.5), who=who, span=Span.seconds(start, end), confidence=confidence)


def words(who: str, start: float, end: float, level: str | None = None, **read: Any) -> Words:
    span, at = Span.seconds(start, end), as_samples(end + 0.9)
    return Words(at=at, who=who, span=span, count=12, text="so I left", level=level, **read)


def cue(at: float, held_back: str | None = None) -> Cue:
    return Cue(
        at=as_samples(at), kind="too_soon", form="tone", text="", to="Ben", given=held_back is None,
        held_back=held_back, because={"fto_s": 0.3},
    )  # fmt: skip


def answers(*pauses: float) -> list[Event]:
    """Ana shares for eight seconds each time, and Ben answers after these pauses."""
    return [
        event
        for n, pause in enumerate(pauses)
        for event in (speech("Ana", n * 30, n * 30 + 8), speech("Ben", n * 30 + 8 + pause, n * 30 + 11 + pause))
    ]


QUICK_AND_SLOW = answers(0.3, 2.0, 4.5, -0.5, 1.2, 0.045, 2.4, 6.1, -0.1)
LOW = 0.5  # a confidence at which no cue would rest on the name
READ: list[Event] = [
    words("Ana", 0, 4, "1"), words("Ana", 4, 8, "3", kinds=("feelings", "needs")),
    words("Ben", 8.3, 11.3, "1", response="reflection"),
    words("Ana", 30, 38, "2", kinds=("needs",)), words("Ben", 40, 43, "N", response="advice"),
    words("Ana", 60, 68, "1", question=True), words("Ben", 72.5, 75.5, "3", kinds=("hopes",), response="own story"),
    words("Ana", 90, 98, "1"),
    speech("Ben", 92, 92.4), words("Ben", 92, 92.4, "N", acknowledgement=True, response="backchannel"),
]  # fmt: skip


def sessions(folder: Path) -> Iterator[tuple[SessionHeader, list[Event]]]:
    pair = SessionHeader(people=PAIR, settings=Settings().as_dict())
    yield pair, []
    yield pair, answers(0.39)
    in_two_turns = [*answers(0.3, 2.5), speech("Ana", 50, 56), speech("Ana", 56.5, 59)]
    yield pair, in_two_turns
    yield (
        pair,
        [*QUICK_AND_SLOW, cue(9), cue(40, "budget"), Enrolled(at=as_samples(5), who="Ben", span=Span.seconds(0, 5))],
    )
    overlaps = [speech("Ben", 4, 4.5), speech("Ben", 33, 35.2), speech("Ana", 9.5, 10), speech("Ben", 62, 62.4)]
    yield pair, [*answers(-0.9, -0.15, 3.0), *overlaps]
    unsure = [speech("?", 100, 106), speech("Ana", 107, 110), speech("Ben", 110.3, 118, LOW), speech("?", 119, 122)]
    yield pair, [*answers(0.2, 2.2, 3.3), *unsure]
    alone = SessionHeader(people=("You",), attribution=ALONE, settings=Settings().as_dict())
    yield alone, [speech("You", 0, 10), speech("You", 11, 21), speech("You", 30, 36), words("You", 0, 10, "1")]
    each_a_microphone = SessionHeader(
        people=PAIR, channels=2, attribution="channels", settings=Settings(pause=1.0).as_dict()
    )
    yield each_a_microphone, [*answers(0.9, 1.0, 1.1, 1.2), words("Ben", 38, 42, "3", kinds=("energy",))]
    yield SessionHeader(people=PAIR, keep="words", settings=Settings().as_dict()), [*QUICK_AND_SLOW, *READ]
    lost = AudioGap(at=as_samples(39), span=Span.seconds(38.5, 39.5), reason="unplugged")
    late = [speech("Ben", 9.5, 13), speech("Cem", 45, 52), speech("Ana", 52.5, 55)]  # their names came late
    yield SessionHeader(people=("Ana", "Ben", "Cem"), settings=Settings().as_dict()), [
        *answers(1.5, 2.5)[:1], *answers(1.5, 2.5)[2:], lost, *late
    ]  # fmt: skip
    file = folder / "talk.rttm"
    file.write_text("".join(f"SPEAKER talk 1 {s} {d} <NA> <NA> {who} <NA> <NA>\n" for who, s, d in SEGMENTS))
    (found,) = segment_events(file, Settings())
    yield SessionHeader(people=found.people, channels=0, settings=Settings().as_dict()), list(found.events)


SEGMENTS = (("Ana", 0.0, 75.28), ("Ben", 75.5, 6.0), ("Ana", 84.0, 7.5), ("Ben", 91.0, 61.0), ("Ana", 153.0, 2.0))
NUMBERS = range(1, 12)
NONE, ONE, TWO, MANY, OVERLAPS, UNSURE, REHEARSAL, CHANNELS, WORDED, LOST, IMPORTED = NUMBERS
TWO_PEOPLE = [number for number in NUMBERS if number != REHEARSAL]


class Shown:
    """What the command shows of the sessions."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.review = {n: self.told("review", str(n)) for n in NUMBERS}
        self.exported = {n: json.loads(self.told("export", str(n))) for n in NUMBERS}
        self.nameless = {n: json.loads(self.told("export", str(n), "--anonymous")) for n in NUMBERS}
        self.tables = {
            (n, table): self._table(n, table) for n in NUMBERS for table in ("statistics", "transfers", "turns")
        }
        self.pages = {n: self._page(n) for n in NUMBERS}
        self.listing = self.told("sessions")
        self.trends = self.told("review", "--trends", "--people", "Ana,Ben")
        self.compared = self.told("review", str(MANY), "--compare", str(UNSURE))

    def told(self, *arguments: str) -> str:
        assert main(list(arguments)) == 0
        return self._capsys.readouterr().out

    def _table(self, number: int, table: str) -> list[dict[str, str]]:
        text = self.told("export", str(number), "--format", "csv", "--table", table)
        return list(csv.DictReader(io.StringIO(text)))

    def _page(self, number: int) -> str:
        page = f"page-{number}.html"
        self.told("review", str(number), "--page", page)
        return re.sub(r"<script.*?</script>", "", Path(page).read_text(encoding="utf-8"), flags=re.DOTALL)

    def statistics(self, number: int) -> Statistics:
        found: Statistics = self.exported[number]["statistics"]
        return found


_made: list[Shown] = []


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shown:
    """Made once for all tests of this file; a captured output belongs to one test."""
    if not _made:
        for name in ("DATA", "CONFIG", "CACHE"):
            monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
        monkeypatch.setenv("COLUMNS", "300")  # no row is folded
        monkeypatch.chdir(tmp_path)
        with Store(data_folder() / DATABASE_FILE) as store:
            for header, events in sessions(tmp_path):
                at = max((event.at for event in events), default=0)
                stored = [event for event in events if not isinstance(event, Ended)]
                number = store.begin(header)
                store.write(number, [*sorted(stored, key=lambda e: e.at), Ended(at=at + as_samples(0.6), reason="key")])
        _made.append(Shown(capsys))
    return _made[0]


# ------------------------------------------------------------------------------------------- what a value looks like


def seconds(value: float) -> str:
    if value >= MINUTE:
        return f"{round(value) // 60} min {round(value) % 60} s"
    return (f"{value:.2f} s" if abs(value) < ONE_DECIMAL else f"{value:.1f} s").replace("-", "−")


def percent(value: float, n: int | None = None) -> str:
    """Of a share of `n` things exactly, and otherwise of the value."""
    return f"{round(value * n) / n if n else value:.0%}"


def looks(name: str, figure: dict[str, Any]) -> str:
    value, unit = figure["value"], figure["unit"]
    if unit == "s":
        return seconds(value)
    if unit == "share":
        whole = name.startswith(("talk_share", "unsure_share"))
        return percent(value, None if whole else figure["n"])
    return f"{value:.1f} a minute" if unit == "per minute" else f"{value:g}"


def middle(figure: dict[str, Any]) -> str:
    """A median in the terminal, without its interval."""
    value = seconds(figure["value"])
    return {1: value, 2: f"midway {value}"}.get(figure["n"], f"median {value}")


def row(text: str, label: str) -> str:
    """The row of the terminal with this label, with the rows below it that have none."""
    lines = text.splitlines()
    first = next((n for n, line in enumerate(lines) if re.match(rf"{label}  ", line)), None)
    if first is None:
        return ""
    after = lines[first + 1 :]
    more = next((n for n, line in enumerate(after) if not line.startswith("   ")), len(after))
    return " | ".join([lines[first].removeprefix(label).strip(), *(line.strip() for line in after[:more])])


def of_people(figures: Statistics, name: str) -> dict[str, dict[str, Any]]:
    return {key.partition(".")[2]: each for key, each in figures.items() if key.partition(".")[0] == name}


def called(who: str) -> str:
    return "an unknown voice" if who == "?" else who


# ------------------------------------------------------------------------------------------------ the JSON object


@pytest.mark.parametrize("number", NUMBERS)
def test_the_counts_of_the_json_object_are_those_of_its_own_rows(shown: Shown, number: int):
    found, figures = shown.exported[number], shown.statistics(number)
    answered = [each for each in found["transfers"] if each["answer"]]
    assert [each["fto_s"] for each in answered] == (figures["answering_pauses_s"]["value"] or [])
    assert figures["too_soon"]["value"] == sum(each["too_soon"] for each in answered)
    assert figures["over"]["value"] == sum(each["over"] for each in answered)
    assert {figures[name]["n"] for name in figures if name.startswith("answered_")} == {len(answered)}
    assert sum(figures[name]["value"] for name in ("after_breath", "too_soon", "sooner_uncounted")) == len(answered)
    kinds = {(turn["who"], turn["start_s"]): turn["response"] for turn in found["turns"]}
    counted = Counter(kinds[each["to"], each["at_s"]] or "unread" for each in answered)
    for name, figure in figures.items():
        if name.startswith("answered_"):
            assert figure["value"] == counted[name.removeprefix("answered_").replace("_", " ")]
    for who in {turn["who"] for turn in found["turns"]}:
        turns = [turn for turn in found["turns"] if turn["who"] == who and turn["kind"] == "turn"]
        assert figures[f"turns.{who}"]["value"] == len(turns)
        for kind in KINDS:
            assert figures[f"told_{kind}.{who}"]["value"] == sum(kind in turn["kinds"] for turn in turns)


# -------------------------------------------------------------------------------------------------- the tables


@pytest.mark.parametrize("number", NUMBERS)
def test_the_table_of_statistics_is_the_json_object(shown: Shown, number: int):
    figures = shown.statistics(number)
    for line, (name, figure) in zip(shown.tables[number, "statistics"], figures.items(), strict=True):
        value = figure["value"]
        values = value if isinstance(value, list) else [] if value is None else [value]
        assert f"{line['name']}.{line['who']}".rstrip(".") == name
        assert [float(each) for each in line["value"].split(";") if each] == values
        assert (int(line["n"]), line["unit"]) == (figure["n"], figure["unit"])
        assert (line["unsure"] == "true") == figure.get("unsure", False)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_tables_of_turns_and_transfers_count_the_same(shown: Shown, number: int):
    figures, transfers = shown.statistics(number), shown.tables[number, "transfers"]
    assert figures["transfers"]["value"] == len(transfers)
    for name, column in (("too_soon", "too_soon"), ("over", "over")):
        assert figures[name]["value"] == sum(line[column] == "true" for line in transfers)
    assert figures["too_soon"]["n"] == sum(line["answer"] == "true" for line in transfers)
    shares = sum(line["share"] == "true" for line in shown.tables[number, "turns"])
    assert figures["shares"]["value"] == shares


# ------------------------------------------------------------------------------------------------------ the page


@pytest.mark.parametrize("number", NUMBERS)
def test_every_number_on_the_page_is_that_of_the_json_object_under_its_title(shown: Shown, number: int):
    figures = shown.statistics(number)
    term = r'<dt>(.*?) <details.*?</dt><dd><data value="(.*?)" data-figure="(.*?)" data-n="(\d+)">(.*?)</data>'
    numbers = re.findall(term, shown.pages[number])
    assert numbers or number == NONE
    for label, value, name, n, text in numbers:
        figure = figures[html.unescape(name)]
        mark = "~" if figure.get("unsure") else ""
        assert html.unescape(label) == title(name)
        assert (json.loads(html.unescape(value)), int(n)) == (figure["value"], figure["n"])
        assert html.unescape(text) == mark + looks(name, figure)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_table_of_every_number_on_the_page_is_the_json_object(shown: Shown, number: int):
    section = shown.pages[number].partition('<section id="numbers"')[2]
    lines = [
        [html.unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", line)]
        for line in re.findall(r"<tr>(<td.*?)</tr>", section)
    ]
    assert {
        name: (None if value == "–" else json.loads(value), unit, int(n)) for name, value, unit, n, *_ in lines
    } == {name: (each["value"], each["unit"], each["n"]) for name, each in shown.statistics(number).items()}
    for name, _, _, n, beside, _ in lines:
        assert ("unsure who spoke" in beside) == shown.statistics(number)[name].get("unsure", False)
        if name.partition(".")[0].startswith(("answering_pause_m", "fto_m", "pause_median", "own_pause")) and n == "1":
            assert beside.startswith("just 1 ")


def drawn(page: str, figure: str) -> list[list[str]]:
    """The table of a chart: its head and its rows."""
    whole = page.partition(f'<figure id="{figure}">')[2].partition("</figure>")[0]
    lines = re.findall(r"<tr>(.*?)</tr>", whole, re.DOTALL)
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL) for line in lines)
    return [[html.unescape(re.sub(r"<.*?>", "", cell)) for cell in line] for line in cells]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_charts_of_the_page_count_the_same(shown: Shown, number: int):
    figures, page = shown.statistics(number), shown.pages[number]
    answered = Counter(line[1] for line in drawn(page, "responses-figure")[1:])
    for name, figure in figures.items():
        if name.startswith("answered_") and name != "answered_unread":
            assert figure["value"] == answered[name.removeprefix("answered_").replace("_", " ")]
    told = (
        {
            (line[0], who): int(count)
            for head, *lines in [drawn(page, "kinds-figure")]
            for line in lines
            for who, count in zip(head[1:], line[1:], strict=True)
        }
        if drawn(page, "kinds-figure")
        else {}
    )
    for who in shown.exported[number]["people"]:
        for kind in KINDS:
            assert figures.get(f"told_{kind}.{who}", {"value": 0})["value"] == told.get((KIND_NAMES[kind], who), 0)
    pauses = drawn(page, "pauses-figure")[1:]
    assert sum(int(line[2]) for line in pauses) == figures["answering_pauses_s"]["n"]
    past = sum(int(line[2]) for line in pauses if line[3] == "after the breath")
    assert past == figures["after_breath"]["value"]
    for who, share, time in drawn(page, "shares-figure")[1:]:
        name = "?" if who == called("?") else who
        mark = "~" if figures["transfers"].get("unsure") else ""
        assert share == mark + percent(figures[f"talk_share.{name}"]["value"])
        assert time == mark + seconds(figures[f"talk_s.{name}"]["value"])


@pytest.mark.parametrize("number", NUMBERS)
def test_the_sentence_of_the_page_is_that_of_the_terminal(shown: Shown, number: int):
    sentences = re.findall(r'<p class="sentence">(.*?)</p>', shown.pages[number])
    assert sentences
    said = html.unescape(sentences[-1]).replace("\N{NO-BREAK SPACE}", " ")
    assert said in shown.review[number] or number == REHEARSAL


# -------------------------------------------------------------------------------------------------- the terminal


@pytest.mark.parametrize("number", TWO_PEOPLE)
def test_the_terminal_counts_answers_as_the_json_object_does(shown: Shown, number: int):
    figures, text = shown.statistics(number), shown.review[number]
    n, waited = figures["after_breath"]["n"], figures["after_breath"]["value"]
    mark = "~" if figures["too_soon"].get("unsure") else ""
    if n > 1:
        assert f"There were {n} answers to a share: {waited} after a breath" in text
    elif n:
        assert f"There was 1 answer to a share; it came {'after' if waited else 'sooner than'} a breath" in text
    else:
        assert " to a share, " not in text.partition("to show")[0] or "no answer to a share" in text
        assert row(text, "Sooner") == ""
        return
    for name, label in (("too_soon", "Sooner"), ("over", "Over the end")):
        assert row(text, label).startswith(f"{mark}{figures[name]['value']} of {n}")
    uncounted = figures["sooner_uncounted"]["value"]
    assert row(text, "Not counted").startswith(f"{mark}{uncounted} of {n} sooner" if uncounted else "")
    number_of = f"{n} answer{'s' if n > 1 else ''}"
    assert f"a share   {mark}{number_of}, {middle(figures['answering_pause_median_s'])}" in text
    bins = text.partition("Pauses before answering")[2].partition("\n\n")[0].splitlines()[1:]
    breath = next(place for place, line in enumerate(bins) if line.startswith("your breath"))
    counts = [int(line.split()[-1]) for line in (*bins[:breath], *bins[breath + 1 :])]
    assert sum(counts) == n
    assert sum(counts[breath:]) == waited


@pytest.mark.parametrize("number", TWO_PEOPLE)
def test_the_terminal_shows_silences_and_changes_as_the_json_object_does(shown: Shown, number: int):
    figures, text = shown.statistics(number), shown.review[number]
    for who, held in of_people(figures, "holding_s").items():
        if held["n"] and who != "?":
            told = rf"{re.escape(who)} {re.escape(seconds(held['value']))}( at [\d:]+)? \(of {held['n']}\)"
            assert re.search(told, row(text, "Longest silence"))
    inside = figures["pause_median_s"]
    if inside["n"]:
        silences = f"{inside['n']} silence{'s' if inside['n'] > 1 else ''}"
        assert f"{silences}, {middle(inside)}" in row(text, "Inside a turn")
    changes, median, early = (figures[name] for name in ("transfers", "fto_median_s", "fto_below_zero"))
    changed = row(text, "Speaker changed").lstrip("~")
    assert changed.startswith(f"{changes['value']} time" if changes["n"] else "")
    if median["n"]:
        assert middle(median) in changed
        assert changed.endswith(f"; {round(early['value'] * early['n'])} before the end")
        assert (f"{median['n']} measured" in changed) == (median["n"] != changes["n"])
    between, within = (figures[f"overlap_{kind}_s"] for kind in ("between", "within"))
    if between["n"] or within["n"]:
        assert row(text, "Both at once").lstrip("~") == (
            f"{between['n']} as the speaker changed ({seconds(between['value'])}), "
            f"{within['n']} without ({seconds(within['value'])})"
        )


@pytest.mark.parametrize("number", TWO_PEOPLE)
def test_the_terminal_shows_each_person_as_the_json_object_does(shown: Shown, number: int):
    figures, text = shown.statistics(number), shown.review[number]
    talk = row(text, "Talk")
    for who, time in of_people(figures, "talk_s").items():
        if not talk:
            break
        share, turns = figures[f"talk_share.{who}"], figures[f"turns.{who}"]["value"]
        told = f"{called(who)} {percent(share['value'])}, {seconds(time['value'])}: {turns} turn"
        told += "s" if turns != 1 else ""
        if turns:
            told += f", longest {seconds(figures[f'longest_turn_s.{who}']['value'])}"
        if figures[f"backchannels.{who}"]["value"]:
            told += f"; {figures[f'backchannels.{who}']['value']} “mm-hm”"
        assert told in talk.replace("~", "").split(" | ")
    for who, first in of_people(figures, f"told_{KINDS[0]}").items():
        told_kinds = Counter({kind: figures[f"told_{kind}.{who}"]["value"] for kind in KINDS})
        turns = f"{first['n']} turn{'' if first['n'] == 1 else 's'}"
        shown_kinds = re.search(rf"{re.escape(called(who))}, in {turns}: ([^|]*)", row(text, "Probably told"))
        if not any(told_kinds.values()):
            assert shown_kinds is None
            continue
        assert shown_kinds is not None
        for kind, count in re.findall(r"(\w+) (\d+)", shown_kinds[1]):
            assert told_kinds[kind] == int(count)


@pytest.mark.parametrize("number", TWO_PEOPLE)
def test_the_kinds_of_answer_in_the_terminal_add_up_to_all_answers(shown: Shown, number: int):
    figures = shown.statistics(number)
    kinds = row(shown.review[number], "Kinds of answer").lstrip("~").replace(" | ", " ")
    if figures["answered_unread"]["value"] == figures["answered_unread"]["n"]:
        assert kinds == ""
        return
    n, told = re.fullmatch(r"of (\d+): (.*)", kinds).groups()  # type: ignore[union-attr]
    counts = {kind.strip(): int(count) for kind, count in re.findall(r"([a-z ]+?) (\d+)", told)}
    assert sum(counts.values()) == int(n) == figures["too_soon"]["n"]
    for kind, count in counts.items():
        name = "unread" if kind == "no words" else kind.replace(" ", "_")
        assert figures[f"answered_{name}"]["value"] == count


def test_a_rehearsal_s_summary_has_its_speech_and_longest_pause_in_whole_seconds(shown: Shown):
    figures, text = shown.statistics(REHEARSAL), shown.review[REHEARSAL]
    assert re.search(rf"^speech +{figures['talk_s.You']['value']:.0f} s *$", text, re.MULTILINE)
    assert re.search(rf"^longest pause +{figures['pause_longest_s']['value']:.0f} s *$", text, re.MULTILINE)


# ------------------------------------------------------------------------------------- what is missing or not counted


@pytest.mark.parametrize("number", NUMBERS)
def test_lost_sound_is_on_every_surface_or_on_none(shown: Shown, number: int):
    lost, unmeasured = (shown.statistics(number)[name] for name in ("unheard_s", "unmeasured_transfers"))
    assert (lost["n"] > 0) == (number == LOST)
    told = row(shown.review[number], "Not heard")
    if lost["n"]:
        changes = f"{unmeasured['value']} of {unmeasured['n']} changes"
        assert f"{seconds(lost['value'])} in {lost['n']} gap; {changes}" in told
    assert ('data-figure="unheard_s"' in shown.pages[number]) == bool(told) == (lost["n"] > 0)


@pytest.mark.parametrize("number", NUMBERS)
def test_unsure_voices_are_told_on_every_surface_or_on_none(shown: Shown, number: int):
    figures = shown.statistics(number)
    unsure = (figures["unsure_share"]["value"] or 0) > 0.1
    assert unsure == (number == UNSURE)
    says = f"unsure who spoke in {percent(figures['unsure_share']['value'] or 0)} of the speech"
    assert (says in shown.review[number]) == (says in shown.pages[number]) == unsure
    marked = {name for name, each in figures.items() if each.get("unsure")}
    assert marked == (set(figures) - {"unheard_s", "heard_less_s", "words_late_s", "unsure_share"} if unsure else set())


@pytest.mark.parametrize("number", NUMBERS)
def test_without_names_a_session_has_the_same_figures(shown: Shown, number: int):
    named, nameless = shown.exported[number], shown.nameless[number]
    assert [figure for name, figure in nameless["statistics"].items() if "." not in name] == [
        figure for name, figure in named["statistics"].items() if "." not in name
    ]
    assert nameless["recording"]["counted_from_s"] == named["recording"]["counted_from_s"]


def test_a_session_says_that_its_check_in_does_not_count_and_a_recording_that_it_does(shown: Shown, tmp_path, capsys):
    for number in NUMBERS:
        checked_in = shown.exported[number]["recording"]["counted_from_s"] > 0
        assert checked_in == (number == MANY)
        assert ("The check-in is not counted." in shown.review[number]) == checked_in
        assert ("the check-in is not counted" in shown.pages[number]) == checked_in
    (tmp_path / "talk.rttm").write_text("SPEAKER talk 1 0 8 <NA> <NA> Ana <NA> <NA>\n")
    assert main(["analyze", str(tmp_path / "talk.rttm")]) == 0
    assert "all of it counts, a check-in too" in capsys.readouterr().out


# --------------------------------------------------------------------------------------- over several sessions


def test_the_listing_has_the_length_of_the_review(shown: Shown):
    for number in NUMBERS:
        listed = re.search(rf"^ +{number}  .*?  +(\d+):(\d\d)  +\w+", shown.listing, re.MULTILINE)
        assert listed is not None
        assert int(listed[1]) * 60 + int(listed[2]) == round(shown.exported[number]["recording"]["duration_s"])


def test_trends_end_with_the_figures_of_the_latest_session(shown: Shown):
    figures = shown.statistics(IMPORTED)
    latest = re.split(r"  +", "  ".join(re.findall(r"^latest .*$", shown.trends, re.MULTILINE)).strip())
    names = ("answering_pause_median_s", "too_soon_share", "inner_share", "holding_s.Ana", "holding_s.Ben")
    for name, told in zip(names, latest, strict=True):
        assert title(name) in shown.trends
        figure = figures[name]
        if figure["value"] is None:
            assert told == "latest –"
        else:
            assert told.startswith(f"latest {looks(name, figure)} (")
            assert told.endswith((f"n {figure['n']})", "(1 answer)"))


def test_a_comparison_has_the_figures_of_both_sessions(shown: Shown):
    many, unsure = shown.statistics(MANY), shown.statistics(UNSURE)
    named = ("answering_pause_median_s", "too_soon_share", "over_share", "fto_median_s", "fto_below_zero")
    of_each = ("answering_pause_s.Ben", "holding_s.Ana", "talk_share.Ana", "talk_share.Ben")
    for name in (*named, *of_each):
        (line,) = (line for line in shown.compared.splitlines() if re.match(rf"{re.escape(title(name))}  ", line))
        assert f"{looks(name, many[name])}  n {many[name]['n']}" in line
        assert f"~{looks(name, unsure[name])}  n {unsure[name]['n']}" in line
    assert "unsure who spoke in" in shown.compared
