"""What the operator chose for everything that people share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.domain import networks, tagging
from bot.domain.disclosure import discloses
from bot.domain.model import Content, Network


@dataclass(frozen=True, slots=True)
class House:
    """Which networks posts are shared on, how their links are tagged, and what discloses enough.

    `phrases` are accepted beside the workspace's own disclosure.
    """

    networks: tuple[Network, ...] = networks.USUAL
    tags: tagging.Names | None = None
    phrases: tuple[str, ...] = ()

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

    def says(self, words: str, disclosure: str) -> bool:
        """Whether a reader of the words learns that the writer works there."""
        return any(discloses(words, phrase) for phrase in (disclosure, *self.phrases))

    def lacks(self, words: str, disclosure: str) -> str:
        """What has to be added to the words: the disclosure, or nothing."""
        return "" if self.says(words, disclosure) else disclosure

    def link(self, link: str, network: Network, post: int) -> str:
        """The link as people share it on the network."""
        return tagging.tag(link, network, post, self.tags)

    def text(self, network: Network, words: str, disclosure: str, link: str, post: int) -> str:
        """What a post will read, with what its words lack of disclosure and link."""
        lacking = self.lacks(words, disclosure)
        tagged = self.link(link, network, post)
        return networks.full_text(network, words, lacking, link, tagged=tagged)


USUAL: Final = House()
