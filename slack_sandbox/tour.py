"""A guided tour: a step is done when what it asks for has happened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from slack_sandbox.sandbox import Sandbox

Json: TypeAlias = dict[str, Any]


HOME = "home"


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        title: What to do, in a few words.
        says: How, in a sentence or two.
        who: The name of the person to act as.
        where: The name of the channel to do it in; empty for the direct message with the app, HOME
            for its Home tab.
        line: What to type there; the page puts it into the composer.
        done: Whether it has happened. It looks at the sandbox only, never at the page.
    """

    title: str
    says: str
    who: str
    where: str
    line: str
    done: Callable[[Sandbox], bool]


class Tour:
    """Remembers which steps have happened: what is done stays done until the tour restarts."""

    def __init__(self, steps: Sequence[Step] = ()) -> None:
        self.steps = tuple(steps)
        self._done: set[int] = set()

    def restart(self) -> None:
        """Begin again."""
        self._done.clear()

    def snapshot(self, sandbox: Sandbox) -> list[Json]:
        """Look at what has happened, and say where the tour stands."""
        for number, step in enumerate(self.steps):
            if number not in self._done and step.done(sandbox):
                self._done.add(number)
        return [
            {
                "title": step.title,
                "says": step.says,
                "who": sandbox.person(step.who).id,
                "where": _place(sandbox, step.where),
                "line": step.line,
                "done": number in self._done,
            }
            for number, step in enumerate(self.steps)
        ]


def _place(sandbox: Sandbox, where: str) -> str:
    return where if where in ("", HOME) else sandbox.channel(where).id
