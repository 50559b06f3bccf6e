"""What one person can share of one post at one moment: all that the share dialog is made from."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.model import Content, Network, Wording


@dataclass(frozen=True, slots=True)
class Offer:
    """A post as approved, with the wordings that are still offered, least used first."""

    post: int
    content: Content
    disclosure: str
    wordings: tuple[Wording, ...]

    @property
    def networks(self) -> tuple[Network, ...]:
        """The networks to share on, in the order in which they are offered."""
        return self.content.networks

    def fresh(self, network: Network) -> tuple[Wording, ...]:
        """The wordings still offered for one network, in the order in which they were written."""
        return tuple(
            wording for wording in self.content.wordings_for(network) if wording in self.wordings
        )

    def next_for(self, network: Network) -> Wording | None:
        """The wording to offer first; None where colleagues have used them all."""
        return next((each for each in self.wordings if each.network is network), None)
