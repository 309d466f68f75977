"""Which labels of a transcript are names of speakers, judged from the whole file.

A sign (SPEAKER_01, P1, +49 170 …) is a speaker's, and so is what is written like a name. Words in lower case must
recur, or all lines must begin that way. A word that opens a sentence ("Note:", "So:"), a clause ("The thing is:") and
a description of the recording ("Date:") are no speakers, unless they recur as only speakers do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from coach.review.imports.transcripts import stamps
from coach.review.imports.transcripts.alone import heads, names_alone
from coach.review.imports.transcripts.labels import Form, Label, alone, key
from coach.review.imports.transcripts.rows import DEFAULTS, Evidence, Row
from coach.review.imports.transcripts.shapes import Shape, can_pair, is_description, is_sound, shape


@dataclass(frozen=True, slots=True)
class Names:
    """The speakers of a file: how each is written first, by `key`, and the labels of each form that name them."""

    written: dict[str, str]
    forms: frozenset[tuple[str, Form]]
    bare: frozenset[str]
    unsure: frozenset[str]  # keys of labels that were taken for words, and might be names
    once: dict[str, int]  # names that are used once, among others that are used often; with their line

    def of(self, row: Row) -> Label | None:
        """The name at the beginning of `row` as written first, and the words after it."""
        if row.who:
            return Label(self.written[key(row.who)], row.text, Form.COLON)
        for found in row.labels:
            if (found.key, found.form) in self.forms:
                return Label(self.written[found.key], found.text, found.form)
        return Label(self.written[row.alone], "", Form.HEADER) if row.alone in self.bare else None


def names(blocks: Sequence[Sequence[Row]], evidence: Evidence = DEFAULTS) -> Names:
    """The speakers in a file, given its paragraphs or captions."""
    rows = [row for block in blocks for row in block]
    unsaid = [row for row in rows if not row.who]  # where the format itself does not say who speaks
    spans = {key(row.who) for row in rows if row.who}
    uses = Counter((each.key, each.form) for row in unsaid for each in row.labels)
    colons = [row.before_colon for row in unsaid if row.before_colon]
    forms = {(each.key, each.form) for each in _by_colon(unsaid, uses, spans, evidence)}
    forms |= _headers(blocks, uses, spans | {who for who, _ in forms}, evidence)
    forms |= _set_off(unsaid, uses, spans | {who for who, _ in forms}, evidence)
    known = spans | {who for who, _ in forms}
    bare = {row.alone for row in unsaid} & known if known else names_alone(blocks, evidence)
    above = [row.number for row in unsaid if (each := row.before_colon) and not each.text and each.key in known]
    if above:  # names stand above their words in this file
        bare |= heads([block for block in blocks if block and block[0].number > above[0]], evidence)
    written: dict[str, str] = {}
    for row in rows:
        named = next((each.name for each in row.labels if (each.key, each.form) in forms), None)
        if named := row.who or named or (alone(row.text) if row.alone in bare else None):
            written.setdefault(key(named), " ".join(named.split()))
    colon_uses = {each.key: uses[each.key, each.form] for each in colons}
    unsure = {
        each.key
        for each in colons
        if (each.key, each.form) not in forms and (shape(each.name) is not Shape.CLAUSE or colon_uses[each.key] > 1)
    }
    return Names(written, frozenset(forms), frozenset(bare), frozenset(unsure), _once(unsaid, forms, uses, evidence))


def _once(
    rows: Sequence[Row], forms: set[tuple[str, Form]], uses: Counter[tuple[str, Form]], evidence: Evidence
) -> dict[str, int]:
    """The names that are used once among others that are used often, each with its line."""
    all_once = len(forms) > evidence.plausible_people and all(uses[each] == 1 for each in forms)
    if sum(uses[each] >= evidence.well_known for each in forms) < evidence.recurs and not all_once:
        return {}
    return {
        each.name: row.number
        for row in rows
        if (each := row.before_colon)
        and (each.key, each.form) in forms
        and uses[each.key, each.form] == 1
        and (shape(each.name) is Shape.NAME or all_once)
    }


def _by_colon(
    rows: Sequence[Row], uses: Counter[tuple[str, Form]], spans: set[str], evidence: Evidence
) -> Iterator[Label]:
    """The labels before a colon that are names."""
    found = [row.before_colon for row in rows if row.before_colon]
    lower_case = len(found) == len(rows) and all(shape(each.name) in (Shape.PHRASE, Shape.SIGN) for each in found)
    listed = _list_numbers(rows)
    for each in found:
        count, looks = uses[each.key, Form.COLON], shape(each.name)
        long = looks is Shape.PHRASE and each.name.count(" ") >= evidence.phrase_words
        if each.key in spans:
            yield each
        elif looks is Shape.CLAUSE or each.key in listed:
            continue
        elif is_description(each.name) or long:
            if count >= evidence.recurs_often and count >= evidence.often_share * len(rows):
                yield each
        elif looks is Shape.OPENER:
            if can_pair(each.name) and count >= evidence.recurs:
                yield each
        elif looks is Shape.PHRASE:
            begins = " " not in each.name and each is rows[0].before_colon
            if count >= evidence.recurs or begins or lower_case:
                yield each
        else:
            yield each


def _list_numbers(rows: Sequence[Row]) -> set[str]:
    """The numbers of a list that somebody says: 1: … 2: … below a line that ends with a colon."""
    found: set[str] = set()
    for before, row in pairwise(rows):
        number = row.before_colon.key if row.before_colon else ""
        if number.isdecimal() and ((number == "1" and before.text.endswith(":")) or str(int(number) - 1) in found):
            found.add(number)
    return found


def _headers(
    blocks: Sequence[Sequence[Row]], uses: Counter[tuple[str, Form]], known: set[str], evidence: Evidence
) -> set[tuple[str, Form]]:
    """The labels beside a time with words on the next line: known ones, those that recur or begin a paragraph.

    In a file without other names, one of these makes the rest likely.
    """
    rows = [(row, place == 0) for block in blocks for place, row in enumerate(block)]
    timed = [_begins_timed(row) for row, _ in rows]
    likely = [
        (each, begins)
        for (row, begins), next_is_timed in zip(rows, [*timed[1:], True], strict=True)
        for each in row.labels
        if not (row.who or next_is_timed) and each.form is Form.HEADER and not is_description(each.name)
    ]
    names_only = {(each.key, each.form) for each, _ in likely if shape(each.name) in (Shape.SIGN, Shape.NAME)}
    found = {
        (each.key, each.form)
        for each, begins in likely
        if each.key in known
        or (begins and (each.key, each.form) in names_only)
        or (uses[each.key, each.form] >= evidence.recurs and shape(each.name) in (Shape.SIGN, Shape.NAME, Shape.PHRASE))
    }
    everywhere = [each for row, _ in rows for each in row.labels if each.form is Form.HEADER]
    if sum((each.key, each.form) in names_only for each in everywhere) < evidence.timed_share * len(everywhere):
        return {each for each in found if each[0] in known}
    return found | names_only if found and not known else found


def _begins_timed(row: Row) -> bool:
    return bool(stamps.BRACKETED.match(row.text)) or any(
        each.form is Form.HEADER and shape(each.name) in (Shape.SIGN, Shape.NAME) for each in row.labels
    )


def _set_off(
    rows: Sequence[Row], uses: Counter[tuple[str, Form]], known: set[str], evidence: Evidence
) -> set[tuple[str, Form]]:
    """The labels in brackets, before a time in brackets, before a tab or before a dash."""
    likely = [
        each
        for row in rows
        for each in row.labels
        if each.form not in (Form.COLON, Form.HEADER)
        and not is_sound(each.name)
        and (each.key in known or shape(each.name) in (Shape.SIGN, Shape.NAME))
    ]
    of_form = Counter(each.form for each in likely)
    found = set()
    for each in likely:
        sign = each.form in (Form.BRACKETS, Form.TIGHT) and shape(each.name) is Shape.SIGN
        recurs = each.form is Form.STAMPED and of_form[each.form] >= min(evidence.recurs, len(rows))
        share = evidence.tab_share if each.form is Form.TABULAR else evidence.form_share
        usual = of_form[each.form] >= max(evidence.recurs, share * len(rows)) and each.form is not Form.TIGHT
        if each.key in known or sign or recurs or usual:
            found.add((each.key, each.form))
    return found
