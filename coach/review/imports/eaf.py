"""Reading ELAN's files (EAF 2 and 3).

    TIME_SLOT     a time in milliseconds, or none
    TIER          annotations; PARTICIPANT names the person, PARENT_REF the tier on which this one depends
    TIME_ORIGIN   where in the recording the annotations' time 0 lies, in milliseconds

The module reads the XML itself, because pympi keeps one of two tiers with the same name and forgets the time origin.
Only tiers without a parent count, because a translation depends on the tier that it translates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from coach.core.errors import BadInput
from coach.core.span import Span
from coach.review.imports.model import checked_span
from coach.review.imports.tiers import NamedTier, OnTiers, tiered

_MILLISECONDS = "milliseconds"
_WHOLE = re.compile(r"[-+]?[0-9]+")


def from_eaf(path: Path) -> list[OnTiers]:
    """The conversation in an .eaf file. Raises BadInput for a file without time-aligned tiers, or impossible times."""
    root = ElementTree.parse(path).getroot()
    if root.tag != "ANNOTATION_DOCUMENT":
        raise BadInput(f"{path.name} is not a file of ELAN: it begins with <{root.tag}>")
    header = root.find("HEADER")
    notices: list[str] = []
    origin = 0
    if header is not None:
        _check_units(header, path.name)
        origin = _origin(header, path.name, notices)
    slots = _slots(root, path.name)
    names = {tier.get("TIER_ID") for tier in root.iter("TIER")}
    tiers = [
        NamedTier(
            tier.get("TIER_ID", ""),
            tier.get("PARTICIPANT", ""),
            list(_annotations(tier, slots, origin, f"{path.name}, tier {tier.get('TIER_ID', '')},")),
        )
        for tier in root.iter("TIER")
        if tier.get("PARENT_REF") not in names
    ]
    if not tiers:
        raise BadInput(f"{path.name} has no tier with times of its own, so it does not say who spoke when")
    return [tiered(path.name, tiers, notices=notices)]


def _check_units(header: Element, file: str) -> None:
    units = header.get("TIME_UNITS", _MILLISECONDS).strip()
    if units.casefold() != _MILLISECONDS:
        raise BadInput(
            f"{file} counts time in {units}, not in milliseconds; open it in ELAN, check the times, and save it again"
        )


def _origin(header: Element, file: str, notices: list[str]) -> int:
    """How much later the first recording begins than its annotations' time 0, in milliseconds; adds a notice of it."""
    media = header.findall("MEDIA_DESCRIPTOR")
    origins = [_milliseconds(each.get("TIME_ORIGIN") or "0", f"{file}, TIME_ORIGIN,") for each in media]
    if any(origins):
        name = (
            PurePosixPath(media[0].get("RELATIVE_MEDIA_URL") or media[0].get("MEDIA_URL") or "").name or "the recording"
        )
        notices.append(
            f"{file}: times are those of {name}, which is {origins[0] / 1000:g} s ahead of the annotations"
            if origins[0]
            else f"{file}: times are those of {name}; another recording in the file has an offset"
        )
    return origins[0] if origins else 0


def _slots(root: Element, file: str) -> dict[str, int | None]:
    """The time slots by their ids, in milliseconds."""
    slots: dict[str, int | None] = {}
    for slot in root.iter("TIME_SLOT"):
        name, value = slot.get("TIME_SLOT_ID", ""), slot.get("TIME_VALUE")
        time = None if value is None else _milliseconds(value, f"{file}, time slot {name},")
        if slots.get(name, time) != time:
            raise BadInput(f"{file} has two times for the time slot {name}; open it in ELAN and save it again")
        slots[name] = time
    return slots


def _milliseconds(value: str, where: str) -> int:
    if not _WHOLE.fullmatch(value.strip()):
        raise BadInput(f"{where} has the time {value!r}, which is not in whole milliseconds")
    return int(value)


def _annotations(tier: Element, slots: Mapping[str, int | None], origin: int, where: str) -> Iterator[tuple[Span, str]]:
    """The annotations of a tier. One without text is speech too: people mark stretches before they write the words."""
    for annotation in tier.iter("ALIGNABLE_ANNOTATION"):
        start, end = (slots.get(annotation.get(f"TIME_SLOT_REF{n}", "")) for n in (1, 2))
        if start is None or end is None:
            raise BadInput(f"{where} has an annotation without a time; align it in ELAN first")
        value = annotation.find("ANNOTATION_VALUE")
        text = "" if value is None else "".join(value.itertext())
        yield checked_span((start + origin) / 1000, (end + origin) / 1000, where), text
