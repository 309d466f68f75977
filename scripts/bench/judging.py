"""Depth and responses on unseen conversations, judged by the coach and the baselines in each text variant."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from scripts.bench.results import depth as depth_results
from scripts.bench.results import responses as response_results
from scripts.training import depth, figures, responses, runs
from scripts.training.corpus import bare, common_words, misheard, read_examples, read_talk
from scripts.training.floors import floor_of_depth, floor_of_responses

Say = Callable[[str], None]
Speak = Callable[[Sequence[str]], Mapping[str, str]]

SPOKEN_RUNS = 80  # runs of about 110 words, drawn at random, to synthesise
SPOKEN_ANSWERS = 300  # drawn at random
HEARD, SAME = "heard", "the same, bare"


def judged_depth(data: Path, speak: Speak | None, say: Say) -> depth_results.Judgements:
    """Judges every labelled stretch; with `speak`, some runs also as recognised speech, beside the same runs bare.

    The context before a synthesised run stays bare.
    """
    talk = read_talk(data / "depth_train.jsonl")
    ways: depth_results.Ways = {
        **depth.WAYS,
        "10% wrong": depth.wrong_words(talk, 0.10),
        "20% wrong": depth.wrong_words(talk, 0.20),
    }
    whole, some, sample = list(ways), list[str](), set[int]()
    if speak is not None:
        drawn = runs.run_places(talk, [place for place, stretch in enumerate(talk) if stretch.level])
        chosen = random.Random(1).sample(drawn, min(SPOKEN_RUNS, len(drawn)))
        sample = {place for run in chosen for place in run}
        heard = speak([talk[place].text for place in sorted(sample)])
        ways[HEARD] = lambda stretch: heard.get(stretch.text, bare(stretch.text))
        some = [SAME, HEARD]
    judged = depth.cross_validate(talk, depth.lessons(talk, read_examples()), ways, say)
    floor = {
        name: replace(judged[name], p=np.clip(p, 1e-6, 1 - 1e-6)) for name, p in floor_of_depth(talk, ways).items()
    }
    say("floors")
    if sample:
        inside = np.array([place in sample for place in judged["bare"].labelled])
        for each in (judged, floor):
            each[SAME] = figures.part(each["bare"], inside)
            each[HEARD] = figures.part(each[HEARD], inside)
        ways[SAME] = ways["bare"]
    return depth_results.Judgements(talk, ways, whole, some, judged, floor)


def judged_responses(data: Path, speak: Speak | None, say: Say) -> response_results.Judgements:
    """Judges every answer by a person; with `speak`, some also as recognised speech."""
    answers = responses.read_answers(data)
    judged = [answer for answer in answers if answer.source != responses.WRITTEN]
    words = common_words(read_talk(data / "depth_train.jsonl"))
    ways: dict[str, Callable[[str], str]] = {
        "typed": str,
        "bare": bare,
        "10% wrong": lambda text: misheard(text, 0.10, words, text),
        "20% wrong": lambda text: misheard(text, 0.20, words, text),
    }
    rows = dict.fromkeys(ways, np.arange(len(judged)))
    if speak is not None:
        drawn = np.array(sorted(random.Random(1).sample(range(len(judged)), SPOKEN_ANSWERS)))
        heard = speak([judged[k].text for k in drawn])
        ways[SAME] = bare
        ways[HEARD] = lambda text: heard.get(text, bare(text))
        rows |= {SAME: drawn, HEARD: drawn}
    scored = responses.cross_validate(answers, responses.lessons(answers), ways, say)
    sharpness = responses.fit_sharpness(answers, scored["bare"][0])
    practice = np.array([answer.source == responses.PRACTICE for answer in judged])
    floors = floor_of_responses([answer for answer, own in zip(judged, practice, strict=True) if own], ways)
    say("floors")
    return response_results.Judgements(judged, scored, rows, sharpness, practice, floors)
