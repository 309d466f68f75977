"""Names on lines of their own, without colon or time, in a file that has no others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from coach.review.imports.transcripts.labels import alone
from coach.review.imports.transcripts.rows import Evidence, Row
from coach.review.imports.transcripts.shapes import Shape, is_description, is_sound, shape


def names_alone(blocks: Sequence[Sequence[Row]], evidence: Evidence) -> set[str]:
    """The keys of names beside a time, above each paragraph, in paragraphs of their own, or on recurring lines."""
    return (
        _beside_times(blocks, evidence)
        or _above_paragraphs(blocks, evidence)
        or _between_paragraphs(blocks, evidence)
        or _recurring(blocks, evidence)
    )


def may_stand_alone(row: Row, evidence: Evidence) -> bool:
    """Whether a line looks like a name and nothing else."""
    text = alone(row.text)
    return (
        not row.labels
        and len(text.split()) <= evidence.bare_words
        and text[-1:] not in ".!?:;,…"
        and not is_description(text)
        and not is_sound(text)
        and shape(text) in (Shape.SIGN, Shape.NAME)
    )


def heads(blocks: Sequence[Sequence[Row]], evidence: Evidence) -> set[str]:
    """The keys of lines above a paragraph that look like names."""
    return {block[0].alone for block in blocks if len(block) > 1 and may_stand_alone(block[0], evidence)}


def _beside_times(blocks: Sequence[Sequence[Row]], evidence: Evidence) -> set[str]:
    timed = [row for block in blocks for row in block if row.timed]  # a time has a name on one side, words on the other
    found = [row for row in timed if may_stand_alone(row, evidence)]
    return {row.alone for row in found} if len(found) >= evidence.bare_share * len(timed) / 2 else set()


def _above_paragraphs(blocks: Sequence[Sequence[Row]], evidence: Evidence) -> set[str]:
    found = [block[0].alone for block in blocks if len(block) > 1 and may_stand_alone(block[0], evidence)]
    recurs = len(set(found)) < len(found) and may_stand_alone(blocks[0][0], evidence)
    share = evidence.bare_share_recurring if recurs else evidence.bare_share
    return set(found) if len(found) > 1 and len(found) >= share * len(blocks) else set()


def _between_paragraphs(blocks: Sequence[Sequence[Row]], evidence: Evidence) -> set[str]:
    single = [len(block) == 1 and may_stand_alone(block[0], evidence) for block in blocks]
    found = [block[0].alone for block, is_single in zip(blocks, single, strict=True) if is_single]
    touching = any(one and two for one, two in pairwise(single))
    alternates = all(one != two for one, two in pairwise(single))
    if len(found) < evidence.recurs or not single[0] or touching or not (alternates or len(set(found)) < len(found)):
        return set()
    return set(found)


def _recurring(blocks: Sequence[Sequence[Row]], evidence: Evidence) -> set[str]:
    uses = Counter(row.alone for block in blocks for row in block if may_stand_alone(row, evidence))
    again = {who for who, count in uses.items() if count >= evidence.recurs}
    touching = any(one.alone in again and two.alone in again for block in blocks for one, two in pairwise(block))
    return again if len(again) > 1 and not touching and blocks[0][0].alone in again else set()
