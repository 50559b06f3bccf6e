"""A post to try sharing out on: it comes with the program, and nothing about it is stored."""

from __future__ import annotations

from typing import Final

from bot.domain.ids import PostId, UserId, WordingId
from bot.domain.post import Content, Network, Post, PostState, Wording
from bot.services import membership
from bot.services.share_dialog import ShareDialogData
from bot.storage.tx import Tx

_WORDS: Final = {
    Network.LINKEDIN: (
        "Trying something new: sharing what we make, in my own words. This one is only a try.",
        "A small confession: this is only a try. The real ones will be worth your time.",
    ),
    Network.X: ("Only trying it out: what sharing our news could look like.",),
    Network.FACEBOOK: ("A post to see how sharing our news works.",),
    Network.THREADS: ("Trying this out: this is what sharing our news could look like.",),
    Network.BLUESKY: ("Only trying it out: what sharing our news could look like.",),
    Network.MASTODON: ("Only trying it out: what sharing our news could look like.",),
    Network.WHATSAPP: ("I am only trying this out, please don't mind it.",),
    Network.TELEGRAM: ("I am only trying this out, please don't mind it.",),
    Network.EMAIL: ("I am only trying this out, please don't mind it.",),
}
_LISTED: Final = [(network, text) for network, texts in _WORDS.items() for text in texts]

POST: Final = Post(
    id=PostId(0),  # of no post that is stored
    state=PostState.LIVE,
    correction=None,
    content=Content(
        title="A post to try sharing with",
        link="https://example.com/",
        why="It shows what sharing a post looks like.",
        topics=(),
        wordings=tuple(
            Wording(network, text, id=WordingId(number))
            for number, (network, text) in enumerate(_LISTED, 1)
        ),
        not_before=None,
        expires_at=None,
    ),
    revision=1,
    approved_revision=1,
    writer=UserId(""),
)


def load_share_dialog(tx: Tx, user_id: UserId) -> ShareDialogData:
    """What the share dialog shows on the post to try it out on, to anybody."""
    member = membership.load_consenting(tx, user_id)
    return ShareDialogData(POST, member, None, POST.content.wordings)
