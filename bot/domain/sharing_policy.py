"""What the workspace chose for everything that people share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.domain import link_tags, networks
from bot.domain.disclosure import discloses
from bot.domain.ids import PostId
from bot.domain.local_disclosures import LocalDisclosure
from bot.domain.post import Content, Network


@dataclass(frozen=True, slots=True)
class SharingPolicy:
    """Which networks posts are shared on, how their links are tagged, and what discloses enough.

    `phrases` stand beside the workspace's own disclosure: all are accepted, and texts in a language
    that has one get it. `avoid` are the terms that no post may have. `named` are the networks that
    a tag may name; all of them where a text is only measured.
    """

    networks: tuple[Network, ...] = networks.DEFAULT_NETWORKS
    tags: link_tags.TagNames | None = None
    phrases: tuple[LocalDisclosure, ...] = ()
    avoid: tuple[str, ...] = ()
    named: frozenset[Network] = frozenset(Network)

    def offered_networks(self, content: Content) -> tuple[Network, ...]:
        """The networks on which a post can be shared.

        Those that it has words for; one that was switched off meanwhile only if it has no other.
        """
        on = tuple(network for network in content.networks if network in self.networks)
        return on or content.networks

    def writable_networks(self, content: Content) -> tuple[Network, ...]:
        """The networks to write words for: those switched on, and those that have words."""
        wanted = {*self.networks, *content.networks}
        return tuple(network for network in Network if network in wanted)

    def discloses(self, words: str, disclosure: str) -> bool:
        """Whether a reader of the words learns that the writer works there."""
        accepted = (disclosure, *(each.phrase for each in self.phrases))
        return any(discloses(words, phrase) for phrase in accepted)

    def missing_disclosure(self, words: str, disclosure: str, language: str | None = None) -> str:
        """What has to be added to the words: the disclosure of their language, or nothing."""
        theirs = (one.phrase for one in self.phrases if one.language and one.language == language)
        if phrase := next(theirs, ""):
            return "" if discloses(words, phrase) else phrase
        return "" if self.discloses(words, disclosure) else disclosure

    def tagged_link(self, link: str, network: Network, post_id: PostId) -> str:
        """The link as people share it on the network."""
        source = link_tags.source_of(network, self.named)
        return link_tags.tag(link, source, post_id, self.tags)

    def leaves_untagged(self, link: str) -> bool:
        """Whether this link gets no tags although others do: a signed one would stop working."""
        return self.tags is not None and link_tags.is_signed(link)

    def full_text(
        self,
        network: Network,
        words: str,
        disclosure: str,
        link: str,
        post_id: PostId,
        *,
        language: str | None = None,
    ) -> str:
        """What a post will read, with what its words lack of disclosure and link."""
        lacking = self.missing_disclosure(words, disclosure, language) if disclosure else ""
        tagged = self.tagged_link(link, network, post_id)
        return networks.full_text(network, words, lacking, link, tagged=tagged)


DEFAULT_SHARING_POLICY: Final = SharingPolicy()
