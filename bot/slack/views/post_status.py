"""Where a post stands, in a few sentences for comms."""

from __future__ import annotations

from bot.domain.channel_queue import Forecast
from bot.domain.delivery import Delivery
from bot.domain.hours import show_hours, show_workdays
from bot.domain.ids import PostId
from bot.domain.model import ChannelPolicy, Reason, Workspace
from bot.domain.post import Post, PostState
from bot.slack.views.text import link, own_clock, span, wall_clock, wall_clock_date


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
    if Delivery.CHANNEL not in post.content.delivery:
        return _expected_directly(post, policy)
    if forecast is None:
        return "It's on its way to the channel."
    if forecast.too_late is not None:
        turn = forecast.too_late.turn
        moment = wall_clock_date(turn, policy.zone) + own_clock(turn, policy.zone, time_zone)
        return (
            f"At this pace its turn comes on {moment}, after it ends. Please give it a later end, "
            "or withdraw a post ahead of it."
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


def _expected_directly(post: Post, policy: ChannelPolicy) -> str:
    if policy.freeze is not None:
        return "Posting is frozen, so it waits."
    if post.content.not_before:
        moment = wall_clock_date(post.content.not_before, policy.zone)
        return f"It goes out in direct messages only, from {moment} on."
    return "It goes out in direct messages only, to each person at their own time."


def _because(forecast: Forecast, post: Post, policy: ChannelPolicy) -> str:
    match forecast.reason:
        case Reason.FROZEN if policy.freeze is not None and policy.freeze.until is not None:
            until = policy.freeze.until
            then = "then" if until == forecast.at else wall_clock_date(until, policy.zone)
            return f"posting is frozen until {then}"
        case Reason.GAP:
            return f"there are at least {span(policy.min_gap)} between posts"
        case Reason.CAP:
            ends = policy.first_month_ends
            if ends is not None and forecast.at is not None and forecast.at <= ends:
                return "in its first month the channel gets one a week"
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
