"""A post to practise on: it comes with the program, and nothing about it is stored."""

from __future__ import annotations

from typing import Final

from bot.domain.ids import PostId, UserId, WordingId
from bot.domain.post import Content, Network, Post, PostState, Wording

_WORDS: Final = {
    Network.LINKEDIN: (
        "Trying something new: sharing what we make, in my own words. This one is only practice.",
        "A small confession: this is a practice post. The real ones will be worth your time.",
    ),
    Network.X: ("Only practice: what sharing our news could look like.",),
    Network.FACEBOOK: ("A practice post, to see how sharing our news works.",),
    Network.THREADS: ("Practising: this is what sharing our news could look like.",),
    Network.BLUESKY: ("Only practice: what sharing our news could look like.",),
    Network.MASTODON: ("Only practice: what sharing our news could look like.",),
    Network.WHATSAPP: ("This is only practice, please don't mind it.",),
    Network.TELEGRAM: ("This is only practice, please don't mind it.",),
    Network.EMAIL: ("This is only practice, please don't mind it.",),
}
_LISTED: Final = [(network, text) for network, texts in _WORDS.items() for text in texts]

POST: Final = Post(
    id=PostId(0),
    state=PostState.LIVE,
    correction=None,
    content=Content(
        title="A post to practise on",
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
