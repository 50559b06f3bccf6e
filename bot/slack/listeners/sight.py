"""What a click on a post finds and stores, and the words for what it cannot."""

from __future__ import annotations

from bot.domain.offer import Offer
from bot.services import responding
from bot.services.responding import Answer, Sight, Stored, Unanswerable
from bot.slack.kit import Kit
from bot.slack.listeners.call import Call
from bot.slack.views import words


async def store(call: Call, post: int, answer: Answer) -> Stored | Unanswerable:
    """Store a click, before it is acknowledged."""
    kit = call.kit
    return await kit.database.write(
        responding.respond, kit.workspace, call.user, post, answer, call.now, kit.lessons
    )


async def look(call: Call, post: int) -> Sight | Unanswerable:
    """What the share dialog of this person on this post shows."""
    return await call.kit.database.read(
        responding.look, call.kit.workspace, call.user, post, call.now
    )


def offer_of(kit: Kit, sight: Sight) -> Offer:
    """What this person can share of the post now."""
    return Offer(
        post=sight.post.id,
        content=sight.post.content,
        disclosure=sight.workspace.disclosure,
        wordings=sight.wordings,
        house=kit.house,
        instance=sight.member.mastodon_instance or "" if sight.member else "",
    )


def sentence(why: Unanswerable) -> str:
    """Why nothing was stored."""
    return {
        Unanswerable.NO_SUCH_POST: words.GONE,
        Unanswerable.NOT_LIVE: words.NOT_LIVE,
        Unanswerable.ENDED: words.POST_ENDED,
        Unanswerable.NO_CONSENT: words.CONSENT_ENDED,
    }[why]
