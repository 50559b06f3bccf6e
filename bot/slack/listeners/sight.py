"""What a click on a post finds and stores, and the words for what it cannot."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.model import Stage
from bot.domain.offer import Offer
from bot.services import membership, practising, responding
from bot.services.responding import Answer, Sight, Stored, Unanswerable
from bot.slack.kit import Kit
from bot.slack.listeners.call import Call
from bot.slack.views import words
from bot.slack.views.dialog import PRACTICE


async def store(call: Call, post: int, answer: Answer) -> Stored | Unanswerable:
    """Store a click, before it is acknowledged; practice is stored nowhere."""
    if post == PRACTICE:
        return Stored(answer.stage, changed=False)
    kit = call.kit
    return await kit.database.write(
        responding.respond, kit.workspace, call.user, post, answer, call.now, kit.lessons
    )


async def look(call: Call, post: int, stage: Stage | None = None) -> Sight | Unanswerable:
    """What the share dialog of this person on this post shows.

    `stage` is how far somebody got who only practises: nobody remembers it for them.
    """
    kit = call.kit
    if post == PRACTICE:
        member = await kit.database.read(membership.stand, kit.workspace, call.user)
        valid = member if member is not None and member.consents(call.now) else None
        return Sight(practising.POST, valid, stage, practising.POST.content.wordings)
    return await kit.database.read(responding.look, kit.workspace, call.user, post, call.now)


def offer_of(kit: Kit, sight: Sight, server: str = "") -> Offer:
    """What this person can share of the post now; `server` is one that they only practise with."""
    member = sight.member
    house = kit.house
    return Offer(
        post=sight.post.id,
        content=sight.post.content,
        disclosure=kit.disclosure,
        wordings=sight.wordings,
        # The post to practise on has words for every network; only those switched on are offered.
        house=house if sight.post.id != PRACTICE else replace(house, tags=None),
        instance=server or ((member.mastodon_instance or "") if member is not None else ""),
        language=member.preferences.language if member is not None else None,
    )


def sentence(why: Unanswerable) -> str:
    """Why nothing was stored."""
    return {
        Unanswerable.NO_SUCH_POST: words.GONE,
        Unanswerable.NOT_LIVE: words.NOT_LIVE,
        Unanswerable.ENDED: words.POST_ENDED,
        Unanswerable.NO_CONSENT: words.CONSENT_ENDED,
    }[why]
