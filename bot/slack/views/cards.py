"""A post's card in the comms channel: what it says, where it stands, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    InputBlock,
    PlainTextInputElement,
)
from slack_sdk.models.views import View

from bot.domain import pictures
from bot.domain.channel_queue import Forecast
from bot.domain.drafting import link_error
from bot.domain.hours import show_hours, show_workdays
from bot.domain.ids import PostId
from bot.domain.invisible import isolated
from bot.domain.model import ChannelPolicy, Reason, Workspace
from bot.domain.post import Decision, Post, PostState, Verdict
from bot.domain.previews import Preview
from bot.domain.sharing_policy import DEFAULT_SHARING_POLICY, SharingPolicy
from bot.domain.typed_text import clean
from bot.slack.views import payload, previews, wordings
from bot.slack.views.errors import closing_view
from bot.slack.views.payload import PostRef, show_ref
from bot.slack.views.text import (
    Message,
    as_typed,
    context,
    escape,
    escape_link,
    header,
    link,
    name,
    own_clock,
    packed,
    person,
    plain,
    say,
    section,
    shortened,
    span,
    wall_clock,
    wall_clock_date,
    when,
)

APPROVE = "approve"
SEND_BACK = "send_back"
WRITE = "write_post"
EDIT = "edit"
WITHDRAW = "withdraw"
REVIEW = "review"
REASON_FORM = "send_back_form"

_REASON = "reason"
_WITHDRAWING = "This can't be undone. If it's in the channel, its message stays, without buttons."
LONGEST_REASON = 500


def render_card(
    post: Post,
    decisions: Sequence[Decision],
    forecast: Forecast | None,
    workspace: Workspace,
    *,
    after: PostId | None = None,
    uncertain: bool = False,
    preview: Preview | None = None,
    sharing_policy: SharingPolicy = DEFAULT_SHARING_POLICY,
) -> Message:
    """The card as it stands now; `preview` is None until its page was looked at.

    `after` is the post that goes out just before it.
    """
    zone = workspace.policy.zone
    status_line = lifecycle_text(post, forecast, workspace, after=after, uncertain=uncertain)
    blocks: list[Block] = [
        header(post.content.title or "Untitled draft"),
        section(f"*Post {post.id}* by {person(post.writer)}\n{status_line}"),
        *content_blocks(post, workspace, sharing_policy),
        *previews.blocks(preview),
        *shown_picture(post, preview),
    ]
    blocks += [context(text) for text in packed(decided(post, decisions, zone))]
    buttons = decisions_on(post)
    if buttons:
        blocks.append(ActionsBlock(elements=buttons))
    about = f"{name(post)} by {person(post.writer)}. {status_line} {escape(post.content.why)}"
    words = (about, escape_link(post.content.link), *previews.warnings(preview))
    return Message(" ".join(filter(None, words)).strip(), tuple(blocks))


def lifecycle_text(
    post: Post,
    forecast: Forecast | None,
    workspace: Workspace,
    *,
    after: PostId | None = None,
    uncertain: bool = False,
) -> str:
    """Where a post stands, in a few sentences; `after` is the post that goes out before it."""
    others = workspace.approvals > 1
    approver = "Anyone in comms except guests can approve it."
    if others:
        approver = (
            f"Someone other than <@{post.writer}> can approve it."
            if post.writer
            else "Its writer is no longer known here, so please edit it first."
        )
    match post.state:
        case PostState.IN_REVIEW:
            return f"*Waiting for approval.* {approver}".strip()
        case PostState.APPROVED if uncertain:
            return (
                "*Approved.* I can't tell whether it reached the channel. I've asked about it here."
            )
        case PostState.APPROVED:
            return f"*Approved.* {expected(post, forecast, workspace.policy, after)}"
        case PostState.LIVE:
            return f"{live_since(post, workspace.policy.zone)} {_correction(post, approver)}"
        case _:
            return f"*{STATES[post.state]}.*"


STATES = {
    PostState.DRAFT: "Draft",
    PostState.IN_REVIEW: "Waiting for approval",
    PostState.RETURNED: "Sent back",
    PostState.APPROVED: "Approved",
    PostState.LIVE: "Live",
    PostState.WITHDRAWN: "Withdrawn",
    PostState.EXPIRED: "Ended",
}


def live_since(post: Post, zone: str) -> str:
    """Since when a post is in the channel, and where."""
    since = f" since {wall_clock(post.live_at, zone)}" if post.live_at else ""
    where = f" {link(post.message_link, 'See it in the channel')}." if post.message_link else ""
    return f"*Live*{since}.{where}"


def _correction(post: Post, approver: str) -> str:
    match post.correction:
        case PostState.IN_REVIEW:
            return f"A correction is waiting for approval. {approver}"
        case PostState.RETURNED:
            return "A correction was sent back. People still see the approved text."
        case PostState.DRAFT:
            return "A correction is being written. People still see the approved text."
        case _:
            return "I show no figures about a post while it is live."


def expected(
    post: Post,
    forecast: Forecast | None,
    policy: ChannelPolicy,
    after: PostId | None,
    time_zone: str | None = None,
) -> str:
    """When a queued post goes out, and why then; `time_zone` is the reader's, where known."""
    if forecast is None:
        return "It's on its way to the channel."
    if forecast.expires_first:
        return (
            "It ends before its turn comes. Please give it a later end, or withdraw a post "
            "ahead of it."
        )
    if forecast.reason is None:
        return "It's going out now."
    if forecast.at is None:
        return "Posting is frozen, so it waits."
    own = own_clock(forecast.at, policy.zone, time_zone)
    moment = wall_clock_date(forecast.at, policy.zone) + own
    behind = f", after post {after}" if after is not None else ""
    if behind and forecast.reason is Reason.QUEUE:
        return f"Planned for {moment}{behind}."
    return f"Planned for {moment}{behind}: {_because(forecast, post, policy)}."


def _because(forecast: Forecast, post: Post, policy: ChannelPolicy) -> str:
    match forecast.reason:
        case Reason.FROZEN if policy.freeze is not None and policy.freeze.until is not None:
            until = policy.freeze.until
            then = "then" if until == forecast.at else wall_clock_date(until, policy.zone)
            return f"posting is frozen until {then}"
        case Reason.GAP:
            return f"there are at least {span(policy.min_gap)} between posts"
        case Reason.CAP:
            return f"the channel gets at most {policy.weekly_cap} in seven days"
        case Reason.HOURS | Reason.DAY_OFF:
            hours = f"{show_hours(policy.hours)}, {show_workdays(policy.workdays)}"
            return f"posts go out {hours.replace('-', ' to ')}"
        case Reason.EMBARGO if post.content.not_before is not None:
            return "that's its earliest time"
        case Reason.EMBARGO:
            return "Slack didn't accept it just now, and I'll try again then"
        case _:
            return "another post goes first"


def content_blocks(post: Post, workspace: Workspace, sharing_policy: SharingPolicy) -> list[Block]:
    """All that a post says, with its texts as they will be shared."""
    content = post.content
    zone = workspace.policy.zone
    details = []
    if content.not_before:
        details.append(f"Not before {when(content.not_before, zone)}.")
    if content.expires_at:
        details.append(f"Ends {when(content.expires_at, zone)}.")
    url = content.link if link_error(content.link) is None else ""  # a draft holds anything
    blocks: list[Block] = []
    if content.why or url:
        blocks.append(as_typed(content.why, url, shortened(url)))
    if content.author:
        blocks.append(context(f"People see the author's name: {escape(content.author)}."))
    if content.topics:
        blocks.append(as_typed(f"Topics: {', '.join(map(isolated, content.topics))}."))
    if details:
        blocks.append(context(" ".join(details)))
    return blocks + wordings.blocks(content, workspace.disclosure, sharing_policy, post.id)


def shown_picture(post: Post, preview: Preview | None) -> list[Block]:
    """Which picture people see with the post, and who could still change it; or why none."""
    page = previews.as_page(preview)
    picture = pictures.picture_of(replace(post, page=page))
    if picture is not None:
        host = urlsplit(picture.address).hostname or ""
        whose = "its own" if picture.address == post.content.picture else "the page's"
        return [
            context(
                f"People see the post with {whose} picture. The picture's host, {escape(host)}, "
                "could change it after approval."
            )
        ]
    if post.content.picture or (page is not None and page.image):
        return [
            context("The post goes out without a picture: Slack shows only PNG, JPG and GIF files.")
        ]
    return []


def decided(post: Post, decisions: Sequence[Decision], zone: str) -> list[str]:
    """The newest decisions about a post, a line each."""
    words = {
        Verdict.APPROVED: "Approved",
        Verdict.SENT_BACK: "Sent back",
        Verdict.WITHDRAWN: "Withdrawn",
    }
    lines = []
    for decision in decisions[-5:]:
        line = f"{words[decision.verdict]} by {person(decision.user_id)}, {when(decision.at, zone)}"
        if decision.reason:
            line += f": {escape(decision.reason)}"
        if decision.revision != post.revision:
            line += " (about an earlier text)"
        lines.append(line)
    return lines


def decisions_on(post: Post, *, approve: bool = True, decide: bool = True) -> list[ButtonElement]:
    """What can be done with a post; without `decide` only what guests may."""
    if post.state.ended:
        return []
    waits = PostState.IN_REVIEW in (post.state, post.correction)
    buttons = []
    if waits and decide:
        buttons += [button(post, "Approve", APPROVE, style="primary")] if approve else []
        buttons.append(button(post, "Send back", SEND_BACK))
    buttons.append(button(post, "Edit", EDIT))
    if not decide:
        return buttons
    confirm = ConfirmObject(
        title=plain("Withdraw this post?"),
        text=plain(_WITHDRAWING),
        confirm=plain("Withdraw"),
        deny=plain("Keep it"),
    )
    return [*buttons, button(post, "Withdraw", WITHDRAW, confirm=confirm)]


def ask_withdraw(post: Post) -> Message:
    """The same question where the command was typed."""
    withdraw = button(post, "Withdraw", WITHDRAW, style="danger")
    return say(f"Withdraw {name(post)}? {_WITHDRAWING}", ActionsBlock(elements=[withdraw]))


def button(post: Post, label: str, action: str, **more: Any) -> ButtonElement:
    """A button about a post, in the revision that its reader looks at."""
    return ButtonElement(
        text=plain(label),
        action_id=action,
        value=show_ref(PostRef(post.id, post.revision)),
        accessibility_label=shortened(f"{label}: post {post.id}, {post.content.title}", 75),
        **more,
    )


def ask_reason(ref: PostRef) -> View:
    """The form in which a post is sent back."""
    return View(
        type="modal",
        callback_id=REASON_FORM,
        title=plain(f"Send back post {ref.post_id}"[:24]),
        submit=plain("Send back"),
        close=plain("Cancel"),
        private_metadata=payload.dump({"post": ref.post_id, "revision": ref.revision}),
        blocks=[
            InputBlock(
                block_id=_REASON,
                label=plain("What should change?"),
                element=PlainTextInputElement(
                    action_id=_REASON, multiline=True, max_length=LONGEST_REASON
                ),
                hint=plain("Everyone in comms can read this on the card."),
            )
        ],
    )


def read_reason(view: Mapping[str, Any]) -> tuple[PostRef, str]:
    """Which post is sent back and why; raises Unreadable."""
    facts = payload.metadata(view)
    ref = PostRef(PostId(payload.whole(facts, "post")), payload.whole(facts, "revision"))
    return ref, clean(payload.typed(view, "state", "values", _REASON, _REASON, "value"))


def reason_missing() -> dict[str, str]:
    """The error at the reason's field."""
    return {_REASON: "Please say what should change, so that the writer can do it."}


def closing(message: Message) -> View:
    """What became of it, in the place of the form."""
    return closing_view("Send back", message.text)
