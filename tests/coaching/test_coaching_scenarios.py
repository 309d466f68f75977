"""Every scenario file gives exactly its listed decisions (`scenario.py` explains the format)."""

from pathlib import Path

import pytest

from coach.coaching import coach
from coach.coaching.gates.order import GATES, Gate
from scripts.simulate.scenario import Scenario, scenarios, told

FOLDER = Path(__file__).parent / "scenarios"
TOLD = [(file.stem, scenario) for file in sorted(FOLDER.glob("*.txt")) for scenario in scenarios(file)]
SEEN_ELSEWHERE = {"sounding", "too-late"}  # they need an unusually slow player or ear: see test_coaching_too_soon


@pytest.mark.parametrize("scenario", [pytest.param(each, id=f"{stem}: {each.title}") for stem, each in TOLD])
def test_the_coach_acts_as_the_scenario_says(scenario: Scenario) -> None:
    cues = scenario.decisions()
    assert scenario.meets(cues), "\n".join([scenario.title, *map(told, cues)])


def test_there_are_enough_scenarios() -> None:
    titles = [scenario.title for _, scenario in TOLD]
    assert len(titles) >= 40
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("gate", [g for g in GATES if g.reason not in SEEN_ELSEWHERE], ids=lambda gate: gate.reason)
def test_every_gate_objects_in_some_scenario(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the gate, some scenario has another outcome."""
    decided = [each for _, each in TOLD if gate.reason in {wanted.reason for wanted in each.wanted}]
    monkeypatch.setattr(coach, "GATES", tuple(each for each in GATES if each is not gate))
    assert any(not scenario.meets(scenario.decisions()) for scenario in decided)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("== One\nAna 0-5 Hello.", "wants no decision, or some"),
        ("== One\nAna 0-5 Hello.\n=> nothing\n=> tone over for Ben", "wants no decision, or some"),
        ("== One\nAna 0-5 Hello.\n=> a bell for Ben", "line 3: '=> a bell for Ben' is not understood"),
        ("== One\nAna 0-5 [no such text]\n=> nothing", "line 2"),
        ("== One\nwith speed 3\n=> nothing", "line 2"),
    ],
)
def test_an_invalid_scenario_is_refused(tmp_path: Path, lines: str, said: str) -> None:
    file = tmp_path / "one.txt"
    file.write_text(lines, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        scenarios(file)
