"""The form of a session: a free talk, a talk with timed turns, or one person's rehearsal.

Each form has the coach that decides cues for the pipeline. It may have an opening line and more lines later.
"""

from __future__ import annotations

from coach.coaching import Catalogue, Coach, Line, Policy, Rehearsal, TurnsByClock
from coach.core.span import as_samples
from coach.runtime.pipeline import Coaching, policy
from coach.runtime.plan import Plan


class Talk:
    """A free talk between two or more people. `opening` is spoken before it begins, unless it is None."""

    opening: Line | None = None

    def __init__(self, coach: Coaching) -> None:
        self.coach = coach

    @property
    def over(self) -> bool:
        """Whether the exercise is over, so that the session ends."""
        return False

    def lines(self) -> list[Line]:
        """The lines that are due now."""
        return []


class Turns(Talk):
    """A talk in which one person shares and the other listens, until they swap at half-time. It lasts `minutes`."""

    def __init__(self, coach: Coach, catalogue: Catalogue, people: tuple[str, str], minutes: float) -> None:
        self._turns = TurnsByClock(coach, catalogue, people, as_samples(60 * minutes))
        super().__init__(self._turns)
        self.opening = self._turns.opening

    @property
    def over(self) -> bool:
        """Whether the time of both people is over."""
        return self._turns.over

    def lines(self) -> list[Line]:
        """At half-time, who shares now and who listens, once nobody speaks; nothing if somebody goes on too long."""
        return self._turns.lines()


class Round(Talk):
    """One round of rehearsal by `who`, opened by `question`."""

    def __init__(self, policy: Policy, catalogue: Catalogue, who: str, question: str, *, words_on: bool) -> None:
        super().__init__(Rehearsal(policy, catalogue, who, words_on=words_on))
        self.opening = Line("opening", question)


def exercise(plan: Plan, catalogue: Catalogue, *, words_on: bool) -> Talk:
    """The form that `plan` asks for. `words_on` says whether a recogniser runs."""
    rules = policy(plan.settings)
    if plan.question:
        return Round(rules, catalogue, plan.people[0], plan.question, words_on=words_on)
    coach = Coach(rules, catalogue, plan.people, words_on=words_on, confident=plan.attribution != "none")
    if plan.turns:
        first, second = plan.people
        return Turns(coach, catalogue, (first, second), plan.turns)
    return Talk(coach)
