"""The inspector's switches: each is a standing fault."""

from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from slack_sandbox.faults import Fault
from slack_sandbox.sandbox import Sandbox

Json: TypeAlias = dict[str, Any]

_FAULTS = {
    "throttled": Fault(status=429, retry_after=5, times=None),
    "broken": Fault(status=503, times=None),
    "slow": Fault(delay=2.0, times=None),
}
REFUSED = "refused"


@dataclass
class Switches:
    """What is switched on at this moment."""

    sandbox: Sandbox
    _on: dict[str, Fault] = field(default_factory=dict)

    def set(self, name: str, *, on: bool) -> None:
        """Turn a switch.

        Raises:
            LookupError: If there is no such switch.
        """
        if name == REFUSED:
            self.sandbox.refuse_sockets = on
        elif name not in _FAULTS:
            raise LookupError(f"no switch {name!r}")
        elif on and name not in self._on:
            self._on[name] = self.sandbox.faults.add(replace(_FAULTS[name]))
        elif not on and name in self._on:
            self.sandbox.faults.remove(self._on.pop(name))
        self.sandbox.state.changes.notify()

    def clear(self) -> None:
        """Turn everything off."""
        for name in (*_FAULTS, REFUSED):
            self.set(name, on=False)

    def shown(self) -> Json:
        """Say which are on."""
        return {
            **{name: name in self._on for name in _FAULTS},
            REFUSED: self.sandbox.refuse_sockets,
        }
