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
from bot.domain.audience import Audience
from bot.domain.channel_queue import Forecast
from bot.domain.delivery import BOTH
from bot.domain.ids import PostId
from bot.domain.invisible import isolated
from bot.domain.model import Workspace
from bot.domain.post import Decision, Post, PostState, Verdict
from bot.domain.post_fields import link_error
from bot.domain.previews import Preview
from bot.domain.review import Change
from bot.domain.sharing_policy import DEFAULT_SHARING_POLICY, SharingPolicy
from bot.domain.typed_text import clean
from bot.slack.views import approval, payload, post_status, previews, reports, wordings
from bot.slack.views import changes as changes_view
from bot.slack.views.errors import closing_view
from bot.slack.views.payload import PostRef, show_ref
from bot.slack.views.post_words import KINDS, ways
from bot.slack.views.text import (
    Message,
    as_typed,
    context,
    escape,
    escape_link,
    header,
    name,
    packed,
    person,
    plain,
    say,
    section,
    shortened,
    when,
)

APPROVE = "approve"
SEND_BACK = "send_back"
WRITE = "write_post"
ALL_POSTS = "all_posts"
EDIT = "edit"
DUPLICATE = "duplicate"
COPY_AS_EMAIL = "copy_as_email"
WITHDRAW = "withdraw"
REVIEW = "review"
REASON_FORM = "send_back_form"

_REASON = "reason"
_WITHDRAWING = "This can't be undone. If it's in the channel, its message stays, without buttons."
LONGEST_REASON = 500
APPROVED_STATES = (PostState.APPROVED, PostState.LIVE)
MOST_CHANGES = 4  # a message has 50 blocks


def render_card(
    post: Post,
    decisions: Sequence[Decision],
    forecast: Forecast | None,
    workspace: Workspace,
    *,
    after: PostId | None = None,
    uncertain: bool = False,
    preview: Preview | None = None,
    own_news: int | None = None,
    audience: Audience | None = None,
    since: Decision | None = None,
    changes: Sequence[Change] = (),
    sharing_policy: SharingPolicy = DEFAULT_SHARING_POLICY,
) -> Message:
    """The card as it stands now; `preview` is None until its page was looked at.

    `after` is the post that goes out just before it, `own_news` what `post_mix` found,
    `audience` who would be asked. `changes` are those since the decision `since`.
    """
    zone = workspace.policy.zone
    status_line = post_status.lifecycle_text(
        post, forecast, workspace, after=after, uncertain=uncertain
    )
    blocks: list[Block] = [
        header(post.content.title or "Untitled draft"),
        section(f"*Post {post.id}* by {person(post.writer)}\n{status_line}"),
        *content_blocks(post, workspace, sharing_policy),
        *previews.blocks(preview),
        *shown_picture(post, preview),
    ]
    blocks += [context(text) for text in packed(decided(post, decisions, zone))]
    if post.newest_state is PostState.IN_REVIEW:
        blocks += changes_view.render(since, changes, zone, most=MOST_CHANGES)
        blocks += approval.questions(own_news, audience)
    blocks += reports.visits_of(post, workspace.analytics_url, sharing_policy.tags)
    buttons = [*decisions_on(post), *report_buttons(post)]
    if buttons:
        blocks.append(ActionsBlock(elements=buttons))
    about = f"{name(post)} by {person(post.writer)}. {status_line} {escape(post.content.why)}"
    words = (about, escape_link(post.content.link), *previews.warnings(preview))
    return Message(" ".join(filter(None, words)).strip(), tuple(blocks))


def content_blocks(post: Post, workspace: Workspace, sharing_policy: SharingPolicy) -> list[Block]:
    """All that a post says, with its texts as they will be shared."""
    content = post.content
    zone = workspace.policy.zone
    details = [f"Kind: {KINDS[content.kind]}."] if content.kind else []
    if content.delivery != BOTH and content.delivery:
        details.append(f"{ways(content.delivery)}.")
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
    copy = button(post, "Duplicate", DUPLICATE)
    if post.state.ended:
        return [copy]
    waits = PostState.IN_REVIEW in (post.state, post.correction)
    buttons = []
    if waits and decide:
        buttons += [button(post, "Approve", APPROVE, style="primary")] if approve else []
        buttons.append(button(post, "Send back", SEND_BACK))
    buttons.append(button(post, "Edit", EDIT))
    buttons += [copy] if post.state is PostState.LIVE else []
    if post.state in APPROVED_STATES:
        buttons.append(button(post, "Copy as e-mail", COPY_AS_EMAIL))
    if not decide:
        return buttons
    confirm = ConfirmObject(
        title=plain("Withdraw this post?"),
        text=plain(_WITHDRAWING),
        confirm=plain("Withdraw"),
        deny=plain("Keep it"),
    )
    return [*buttons, button(post, "Withdraw", WITHDRAW, confirm=confirm)]


def report_buttons(post: Post) -> list[ButtonElement]:
    """What can be done with a post that went out and has ended."""
    ended = post.state.ended and post.live_at is not None
    return [button(post, "Report", reports.REPORT_POST)] if ended else []


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
