"""The sandbox's clock: real time, moved ahead, or standing still."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def _nothing() -> None:
    """Do nothing, for a clock that nobody watches."""


class Clock:
    """A callable that answers the present moment in UTC.

    By default it is the real time plus an offset that `advance` grows. A frozen clock stands
    still until it is moved.
    """

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        """Make a clock.

        Args:
            start: The aware moment to begin at; now, if left out.
            frozen: Whether the clock stands still until it is moved.

        Raises:
            ValueError: If `start` has no time zone.
        """
        self.on_move: Callable[[], None] = _nothing
        self._frozen = frozen
        self._offset = timedelta()
        self._still = datetime.now(UTC)
        if start is not None:
            self._set(start)

    def __call__(self) -> datetime:
        """Answer the present moment, in UTC."""
        return self._still if self._frozen else datetime.now(UTC) + self._offset

    @property
    def ahead(self) -> timedelta:
        """How far a running clock is ahead of real time."""
        return self._offset

    @property
    def frozen(self) -> bool:
        """Whether it stands still until it is moved."""
        return self._frozen

    def advance(self, by: timedelta) -> None:
        """Move the clock ahead (or back, by a negative span)."""
        self.move_to(self() + by)

    def move_to(self, moment: datetime) -> None:
        """Set the clock to an aware moment.

        Raises:
            ValueError: If `moment` has no time zone.
        """
        self._set(moment)
        self.on_move()

    def freeze(self) -> None:
        """Let the clock stand still from now on."""
        self._still = self()
        self._frozen = True

    def run(self) -> None:
        """Go on from where it stands still."""
        self._set(self())
        self._frozen = False

    def _set(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("the clock needs a moment with a time zone")
        moment = moment.astimezone(UTC)
        self._still = moment
        self._offset = moment - datetime.now(UTC)
