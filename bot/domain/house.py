"""What the operator chose for everything that people share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.domain import networks
from bot.domain.model import Content, Network


@dataclass(frozen=True, slots=True)
class House:
    """The networks that posts are written for and shared on."""

    networks: tuple[Network, ...] = networks.USUAL

    def offered(self, content: Content) -> tuple[Network, ...]:
        """The networks on which a post can be shared.

        Those that it has words for; one that was switched off meanwhile only if it has no other.
        """
        on = tuple(network for network in content.networks if network in self.networks)
        return on or content.networks

    def text(self, network: Network, words: str, disclosure: str, link: str) -> str:
        """What a post will read, with what its words lack of disclosure and link."""
        return networks.full_text(network, words, disclosure, link)

    def written(self, content: Content) -> tuple[Network, ...]:
        """The networks to write words for: those switched on, and those that have words."""
        wanted = {*self.networks, *content.networks}
        return tuple(network for network in Network if network in wanted)


USUAL: Final = House()
