"""What one person can share of one post at one moment: all that the share dialog is made from."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain import composers, networks
from bot.domain.composers import Share
from bot.domain.ids import PostId
from bot.domain.networks import Composer
from bot.domain.page_links import replace_link
from bot.domain.post import Content, Network, Wording
from bot.domain.sharing_policy import DEFAULT_SHARING_POLICY, SharingPolicy


@dataclass(frozen=True, slots=True)
class ShareOptions:
    """A post as approved, with its wordings in the member's own order.

    `wordings` come first; those in `used`, which colleagues have used enough, come last.
    `instance` is the member's server on Mastodon, empty until they have named it.
    """

    post_id: PostId
    content: Content
    disclosure: str
    wordings: tuple[Wording, ...]
    sharing_policy: SharingPolicy = DEFAULT_SHARING_POLICY
    instance: str = ""
    used: tuple[Wording, ...] = ()

    @property
    def networks(self) -> tuple[Network, ...]:
        """The networks to share on, in the order in which they are offered."""
        return self.sharing_policy.offered_networks(self.content)

    def offered_wordings(self, network: Network) -> tuple[Wording, ...]:
        """The wordings for one network, to go round: those used enough are the last."""
        return tuple(one for one in (*self.wordings, *self.used) if one.network is network)

    def first_wording(self, network: Network) -> Wording | None:
        """The wording to offer first; None where colleagues have used all of them enough."""
        return next((each for each in self.wordings if each.network is network), None)

    def tagged_link(self, network: Network) -> str:
        """The link as it is shared on the network."""
        return self.sharing_policy.tagged_link(self.content.link, network, self.post_id)

    def discloses(self, words: str) -> bool:
        """Whether a reader of the words learns that the writer works there."""
        return self.sharing_policy.discloses(words, self.disclosure)

    def full_text(
        self,
        network: Network,
        words: str,
        *,
        disclosed: bool = False,
        language: str | None = None,
    ) -> str:
        """The whole post: the words, and what they lack of disclosure and link.

        With `disclosed` the member has found their own way to say where they work.
        """
        disclosure = "" if disclosed else self.disclosure
        return self.sharing_policy.full_text(
            network, words, disclosure, self.content.link, self.post_id, language=language
        )

    def without_tags(self, network: Network, words: str) -> str:
        """Words typed for one network with the post's own link, as they go to any other."""
        for named in (frozenset(Network), frozenset[Network]()):  # it may have changed meanwhile
            policy = replace(self.sharing_policy, named=named)
            tagged = policy.tagged_link(self.content.link, network, self.post_id)
            words = replace_link(words, tagged, self.content.link)
        return words

    def composer(self, network: Network, text: str) -> Composer | None:
        """Where the post opens; None where the member has to name a server first."""
        if networks.own_server(network) and not self.instance:
            return None
        link = self.tagged_link(network)
        share = Share(text, link, title=self.content.title, instance=self.instance)
        return networks.composer(network, share)

    def phone_page(self, network: Network, text: str) -> str | None:
        """The page to open on a phone, where the composer's with this text needs a computer.

        The person pastes the text there.
        """
        composer = self.composer(network, text)
        if network is not Network.LINKEDIN or composer is None or not composer.carries_text:
            return None
        page = composers.linkedin_for_phones(self.tagged_link(network))
        return page if len(page) <= networks.MAX_URL else None
