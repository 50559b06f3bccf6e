"""The workspace as this process knows it: read at each heartbeat, and by whoever changes it."""

from __future__ import annotations

from bot.domain.model import Workspace
from bot.storage import workspaces
from bot.storage.tx import Transactions


class CurrentWorkspace:
    """The row as it was read last, for its settings; None until the workspace is set up.

    What other processes change is known here within a heartbeat. What must be exact, such as a
    freeze, is read in the transaction that needs it.
    """

    def __init__(self, workspace: Workspace | None = None) -> None:
        self.value = workspace

    async def refresh(self, transactions: Transactions) -> Workspace | None:
        """Read it anew; raises Busy."""
        self.value = await transactions.read(workspaces.find)
        return self.value
