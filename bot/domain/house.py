"""What the operator chose for everything that people share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.domain import networks, tagging
from bot.domain.model import Content, Network


@dataclass(frozen=True, slots=True)
class House:
    """The networks that posts are written for and shared on, and how their links are tagged."""

    networks: tuple[Network, ...] = networks.USUAL
    tags: tagging.Names | None = None

    def offered(self, content: Content) -> tuple[Network, ...]:
        """The networks on which a post can be shared.

        Those that it has words for; one that was switched off meanwhile only if it has no other.
        """
        on = tuple(network for network in content.networks if network in self.networks)
        return on or content.networks

    def written(self, content: Content) -> tuple[Network, ...]:
        """The networks to write words for: those switched on, and those that have words."""
        wanted = {*self.networks, *content.networks}
        return tuple(network for network in Network if network in wanted)

    def link(self, link: str, network: Network, post: int) -> str:
        """The link as people share it on the network."""
        return tagging.tag(link, network, post, self.tags)

    def text(self, network: Network, words: str, disclosure: str, link: str, post: int) -> str:
        """What a post will read, with what its words lack of disclosure and link."""
        tagged = self.link(link, network, post)
        return networks.full_text(network, words, disclosure, link, tagged=tagged)


USUAL: Final = House()
