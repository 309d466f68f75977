"""Reading ELAN's files, with pympi.

Only tiers without a parent count, because a translation depends on the tier that it translates. A tier that alone has
its participant is named after the participant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coach.core.errors import BadInput
from coach.core.span import Span
from coach.review.imports.model import Segments, checked_span
from coach.review.imports.tiers import LabelledTier, conversation

_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"  # ELAN's own attribute


def from_eaf(path: Path) -> list[Segments]:
    """The conversation in an .eaf file. Raises BadInput for a file without time-aligned tiers."""
    from pympi.Elan import Eaf, parse_eaf

    eaf = Eaf()
    eaf.tiers.clear()
    eaf.adocument[_SCHEMA] = ""  # pympi requires an attribute that only ELAN writes
    parse_eaf(path, eaf, suppress_version_warning=True)
    names = _tier_names(eaf)
    if not names:
        raise BadInput(f"{path.name} has no tier with times of its own, so it does not say who spoke when")
    tiers = [LabelledTier(tier, who, list(_annotations(eaf, tier, path.name))) for tier, who in names.items()]
    return [conversation(path.name, tiers)]


def _tier_names(eaf: Any) -> dict[str, str]:
    """The tiers without a parent, each with the name of its person."""
    own = {name: attributes for name, (_, _, attributes, _) in eaf.tiers.items() if "PARENT_REF" not in attributes}
    participants = Counter(attributes.get("PARTICIPANT", "").strip() for attributes in own.values())
    return {
        name: who if (who := attributes.get("PARTICIPANT", "").strip()) and participants[who] == 1 else name
        for name, attributes in own.items()
    }


def _annotations(eaf: Any, tier: str, file: str) -> Iterator[tuple[Span, str]]:
    """The annotations of a tier. One without text is speech too: people mark stretches before they write the words."""
    for start, end, text in eaf.get_annotation_data_for_tier(tier):
        if start is None or end is None:
            raise BadInput(f"{file}, tier {tier}, has an annotation without a time; align it in ELAN first")
        yield checked_span(start / 1000, end / 1000, f"{file}, tier {tier},"), text
