"""The error codes that Slack documents, carried as exceptions."""

from typing import Any


class SlackError(Exception):
    """A refusal, answered as `{"ok": false, "error": ...}`.

    Attributes:
        error: Slack's code, such as `channel_not_found`.
        extra: Further keys of the answer, such as `needed` and `provided`.
    """

    def __init__(self, error: str, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra

    def answer(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"ok": False, "error": self.error, **self.extra}
