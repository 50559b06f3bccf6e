"""Short answers: what could not be done, and why; what was done."""

from __future__ import annotations

from slack_sdk.models.blocks import ActionsBlock

from bot.domain.delivery import Delivery
from bot.domain.post import Post, PostState
from bot.slack.views import wordings
from bot.slack.views.text import (
    Message,
    button,
    escape,
    name,
    say,
    title_of,
)

WRITE_TO_COMMS = "write_to_comms"

BUSY = "I couldn't store that just now, so nothing has changed. Please try again in a minute."
UNKNOWN = "I can't tell whether that was stored, because it took too long. It's safe to try again."
BROKEN = (
    "Something went wrong on my side, not yours. I can't tell whether it was stored. It's safe "
    "to try again."
)
UNREADABLE = "I couldn't read that, so nothing has changed. Please open it again and try once more."
STRANGER = "I'm only for people at the company that set me up, so I've stored nothing."
GUESTS_STAY_OUT = (
    "This is for employees. Guests can't take part in it here, so I've changed nothing."
)
CANNOT_CHECK_WHO = (
    "I can't check with Slack who you are right now, so I've changed nothing. Please try again "
    "in a minute. `/advocacy leave` always works."
)
NOT_COMMS = "That's for the comms team. You can write to them, for example about news to share."
GUEST = "Guests can write posts here. For this, please ask a colleague."
CHANNEL_REFUSED = (
    "Your team's channel is open to others just now, so nothing goes out and nothing can be "
    "decided. It goes on once the channel is private again, and your company's alone."
)
CANNOT_CHECK = (
    "I couldn't check with Slack whether you are in the comms team, so I've changed nothing. "
    "Please try again in a minute."
)
NOT_ADMIN = "Only a workspace admin or owner can change these settings. Please ask one of them."
CANNOT_CHECK_ADMIN = (
    "I couldn't check with Slack whether you're an admin, so I've changed nothing. Please try "
    "again in a minute."
)
NO_SUCH_POST = "There's no such post here. *All posts* on Home shows them all."
NOT_APPROVED = "It isn't approved just now, so there is nothing to copy yet."
NEEDS_NUMBER = "I need the post's number, as in `/advocacy {command} 14`."
NEEDS_NUMBER_AND_REASON = (
    "I need the post's number, and why, as in `/advocacy send-back 14 the link is broken`."
)
NEEDS_ONE_LINK = "I need one link without spaces, as in `/advocacy queue https://…`."
NEEDS_REASON = "Please say why, as in `/advocacy send-back 14 the link is broken`."
NO_SUCH_LESSON = "That lesson is no longer here. You'll find the others on Home."
NOT_LIVE = "This post isn't open for sharing at the moment."
GONE = "That post no longer exists, so there is nothing to share or skip."
POST_ENDED = "This post has ended and can't be shared or skipped any more. Nothing was stored."
CONSENT_ENDED = (
    "You haven't joined, or your consent has ended, so nothing was stored. You can join on Home."
)
DIALOG_FAILED = "Slack didn't let me open that in time. Please try once more."
CHANGED_MEANWHILE = (
    "Someone has changed this post since you opened it. Please copy what you wrote, and start "
    "again from its card."
)
OLD_BUTTON = "That button no longer works. Home shows what you can do."


CORRECTED = "The text of this post was corrected. This is the new one."
NOTE_PRACTISED = "You're only trying this out, so your note went nowhere."
TAKEN_BACK = "Undone. I've forgotten that you opened it; I only remember that you pressed Share."
TAKEN_BACK_PRACTISED = (
    "You're only trying this out. Nothing was stored, so there's nothing to undo."
)


def not_comms() -> Message:
    """Only comms may do that; a button reaches them."""
    write = button("Write to comms", WRITE_TO_COMMS)
    return say(NOT_COMMS, ActionsBlock(elements=[write]))


def note_sent(*, signed: bool) -> str:
    """The line at the top of the dialog after a note."""
    if signed:
        return "Thank you. The comms team gets your note, with your name."
    return (
        "Thank you. The comms team gets your note without your name, at 10:00 on their "
        "next working day."
    )


def ended(post: Post) -> str:
    """It has ended, so it stays as it is."""
    how = "been withdrawn" if post.state is PostState.WITHDRAWN else "ended"
    return f"{name(post)} has already {how}, so it stays as it is."


def own_post(post: Post) -> str:
    """Two people read what goes out."""
    return (
        f"You wrote the newest text of {name(post)}, so someone else has to approve it. That way "
        "two people have read what goes out."
    )


def writer_erased(post: Post) -> str:
    """Nobody can tell whether two people have read it."""
    return (
        f"The colleague who wrote {name(post)} is no longer known here. Please open it with Edit "
        "and send it for approval as yours. Then someone else can approve it."
    )


def not_in_review(post: Post) -> str:
    """There is nothing to decide about it."""
    return f"{name(post)} isn't waiting for approval, so there is nothing to decide."


def expiry_passed(post: Post) -> str:
    """Approving it would be in vain."""
    return f"{name(post)} is past its end. Please choose a later end and send it again."


def approved(post: Post, *, changed: bool) -> str:
    """The answer to an approval."""
    if not changed:
        return f"{name(post)} is already approved."
    if post.state is PostState.LIVE:
        return f"Approved. I'm correcting the message of {name(post)}, without announcing it again."
    return f"Approved: {name(post)}. Its card says when it goes out."


def sent_back(post: Post) -> str:
    """The answer to a return."""
    return f"Sent back: {name(post)}. Your reason is on its card."


def submitted(post: Post, *, untagged: bool = False) -> str:
    """The answer to a form that was opened where the post's card cannot be seen.

    `untagged` says that the link gets no tags although other links do.
    """
    about_link = f" {wordings.UNTAGGED}" if untagged else ""
    return f"Sent for approval: {name(post)}. Its card is in the comms channel.{about_link}"


def withdrawn(post: Post, *, changed: bool, was_live: bool) -> str:
    """The answer to a withdrawal."""
    if not changed:
        return f"{name(post)} was already withdrawn."
    in_channel = was_live and Delivery.CHANNEL in post.content.delivery
    stays = " Its message stays in the channel, without buttons." if in_channel else ""
    return f"Withdrawn: {name(post)}.{stays}"


def draft_saved(post: Post) -> str:
    """The line at the top of the form after saving."""
    if post.state is PostState.LIVE:
        return f"Saved as a draft correction to post {post.id}. People still see the approved text."
    return f"Saved as a draft, post {post.id}. You'll find it in *All posts* on Home."


def same_link(post: Post) -> str:
    """The line under a link that another post has as well."""
    stands = {
        PostState.DRAFT: "a draft",
        PostState.IN_REVIEW: "waiting for approval",
        PostState.RETURNED: "sent back",
        PostState.APPROVED: "planned",
        PostState.LIVE: "live",
        PostState.WITHDRAWN: "withdrawn",
        PostState.EXPIRED: "over",
    }
    return (
        f"{title_of(post)} has the same link. It's {stands[post.state]}. "
        "Press *Preview* to go on with yours."
    )


def copy_note(post: Post) -> str:
    """The line at the top of a form that begins as another post."""
    return f"A copy of {name(post)}, without its dates. It becomes a post of its own."


def edit_note(post: Post, reason: str | None = None) -> str | None:
    """What an edit means for a post that is already under way, or why it was sent back."""
    if reason is not None:
        return f"It was sent back: {escape(reason)}"
    match post.state:
        case PostState.LIVE:
            return (
                "This post is live. Once approved, your correction replaces its text. It isn't "
                "announced again."
            )
        case PostState.APPROVED:
            return (
                "This post is approved. An edit takes it out of the queue until it is approved "
                "again."
            )
        case PostState.IN_REVIEW:
            return "This post is waiting for approval. Your version replaces the one there."
        case _:
            return None
