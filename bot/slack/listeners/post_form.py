"""Writing posts: the form, what the page says beside it, drafts, and the preview."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from slack_bolt.async_app import AsyncAck
from slack_sdk.models.views import View

from bot.domain import drafting, post_fields
from bot.domain.admission import Access
from bot.domain.drafting import Errors, Fields
from bot.domain.post import Content, Post, PostState
from bot.domain.previews import fill_empty
from bot.domain.typed_text import typed_link
from bot.services import posts
from bot.services.posts import FormOrigin, Refused
from bot.slack import messenger, people
from bot.slack.listeners.refusals import why_refused
from bot.slack.listeners.registry import Listener, action, form
from bot.slack.listeners.request import SlackRequest
from bot.slack.messenger import OpenView
from bot.slack.views import (
    payload,
    post_form,
    post_form_state,
    post_form_texts,
    post_preview,
    replies,
)
from bot.slack.views.payload import PostRef
from bot.slack.views.post_form_state import Form
from bot.slack.views.text import Message, bare, say


async def queue(request: SlackRequest) -> Message | None:
    """`/advocacy queue [link]`."""
    link = typed_link(request.rest)
    if len(link.split()) > 1:
        return say(replies.NEEDS_ONE_LINK)
    problem = post_fields.link_error(link) if link else None
    if problem is not None:
        return say(problem)
    policy = request.context.sharing_policy
    opened, fields = post_form_state.blank(link=link, sharing_policy=policy)
    known = await request.read(posts.find_same_link, link, None) if link else None
    if known is not None:
        opened = replace(opened, known_link=post_form_state.digest(link))
    if not link or request.context.fetch is None:
        return await _open_form(request, opened, fields, known=known)
    opened = _as_opened(request, opened)
    link_note = replies.same_link(known) if known is not None else None
    shown = await request.open_known_view(_render(request, opened, fields, link_note=link_note))
    if shown is None:
        return say(replies.DIALOG_FAILED)
    show = partial(_render, request, fields=fields, link_note=link_note)
    request.context.background_tasks.add(_show_page(request, shown, link, opened, show))
    return None


async def _show_page(
    request: SlackRequest,
    shown: OpenView,
    link: str,
    opened: Form,
    show: Callable[[Form], View],
) -> None:
    """Show beside the fields what the page says, unless the form was changed meanwhile."""
    fetch = request.context.fetch
    if fetch is None or not shown.view_id:
        return
    with_page = post_form_state.with_page(opened, await fetch(link))
    if with_page is not opened:
        await messenger.update_view(
            request.context.client,
            show(with_page),
            view_id=shown.view_id,
            known_hash=shown.hash,
        )


async def use_page(ack: AsyncAck, request: SlackRequest) -> None:
    """Fill what is empty with what the page says."""
    filled, fields = post_form_state.read_form(request.view), post_form.read_fields(request.view)
    if filled.page is not None:
        fields, names = fill_empty(fields, filled.page)
        filled = replace(filled, page=None, filled=(*filled.filled, *names))
    await ack()
    request.update_view(_render(request, filled, fields))


async def edit(request: SlackRequest, ref: PostRef, *, in_sight: bool = False) -> Message | None:
    """Open the form on the newest content of the card's post."""
    post = await request.read(posts.find_post, ref.post_id)
    if post is None:
        return say(replies.NO_SUCH_POST)
    if post.state.ended:
        return say(replies.ended(post))
    opened, fields = post_form_state.for_content(
        post.id,
        post.revision,
        post.content,
        sharing_policy=request.context.sharing_policy,
        is_writer=post.writer == request.user_id,
        is_live=post.state is PostState.LIVE,
    )
    # Its link was there before; other posts with it are no news.
    opened = replace(opened, known_link=post_form_state.digest(post.content.link))
    note = replies.edit_note(post, await request.read(posts.find_reason, post))
    return await _open_form(request, replace(opened, in_sight=in_sight), fields, note)


async def duplicate(request: SlackRequest, ref: PostRef) -> Message | None:
    """Open the form of a new post that begins as the one on the card."""
    post = await request.read(posts.find_to_copy, ref.post_id)
    if post is None:
        return say(replies.NO_SUCH_POST)
    policy = request.context.sharing_policy
    opened, fields = post_form_state.as_copy(post.content, sharing_policy=policy)
    return await _open_form(request, opened, fields, replies.copy_note(post))


async def save_draft(ack: AsyncAck, request: SlackRequest) -> None:
    """Save what was typed, unchecked; the form stays open."""
    filled, fields = post_form_state.read_form(request.view), post_form.read_fields(request.view)
    origin = _origin(request.view, filled)
    # Where Slack does not say the name, the tick stays, and the next saving asks again.
    author = await _author(request, fields) or ""
    content = replace(drafting.draft_content(fields), author=author)
    result = await request.write(posts.save_draft, request.user_id, origin, content)
    if isinstance(result, Refused):
        note = why_refused(result)
    else:
        filled = replace(filled, post_id=result.post.id, revision=result.post.revision)
        request.show_soon()
        note = replies.draft_saved(result.post)
    await ack()
    request.update_view(_render(request, filled, fields, note=note))


async def add_wording(ack: AsyncAck, request: SlackRequest) -> None:
    """One more field for a text on a network."""
    filled, fields = post_form_state.read_form(request.view), post_form.read_fields(request.view)
    filled = filled.with_one_more(payload.network(request.action))
    await ack()
    request.update_view(_render(request, filled, fields))


async def show_more_networks(ack: AsyncAck, request: SlackRequest) -> None:
    """A field for each of the networks that were not preselected."""
    filled, fields = post_form_state.read_form(request.view), post_form.read_fields(request.view)
    await ack()
    request.update_view(_render(request, filled.with_all_networks(), fields))


async def submit(ack: AsyncAck, request: SlackRequest) -> None:
    """Save the post and show it as people will see it, or say at the fields what is wrong.

    A link that another post has is told of first; who goes on has read it.
    """
    filled, fields = post_form_state.read_form(request.view), post_form.read_fields(request.view)
    content = await _check(request, filled, fields)
    if isinstance(content, Errors):
        await ack(response_action="errors", errors=content.by_field)
        return
    origin = _origin(request.view, filled)
    told = await _tell_same_link(request, filled, fields, content.link, origin)
    if told is not None:
        await ack(response_action="update", view=told)
        return
    result = await request.write(posts.save_draft, request.user_id, origin, content)
    if isinstance(result, Refused):
        errors = _at_title(filled, why_refused(result)).by_field
        await ack(response_action="errors", errors=errors)
        return
    request.show_soon()
    shown = post_preview.render(
        result.post,
        request.context.disclosure,
        in_sight=filled.in_sight,
        sharing_policy=request.context.sharing_policy,
    )
    await ack(response_action="update", view=shown)


async def _check(request: SlackRequest, filled: Form, fields: Fields) -> Content | Errors:
    """What was typed, with its author; or what is wrong, by the blocks at which it is said."""
    checked = drafting.check(
        fields,
        request.context.disclosure,
        request.now,
        sharing_policy=request.context.sharing_policy,
        post_id=filled.post_id,
    )
    if isinstance(checked, Errors):
        by_block = {
            post_form_state.block_of(filled, at): said for at, said in checked.by_field.items()
        }
        return Errors(by_block)
    author = await _author(request, fields)
    if author is None:
        return Errors(post_form.author_unknown())
    return replace(checked, author=author)


def _at_title(filled: Form, sentence: str) -> Errors:
    return Errors({post_form_state.block_of(filled, "title"): bare(sentence)})


async def _tell_same_link(
    request: SlackRequest, filled: Form, fields: Fields, link: str, origin: FormOrigin
) -> View | None:
    """The form with a line under its link where another post has it, unless that was told."""
    digest = post_form_state.digest(link)
    if digest == filled.known_link:
        return None
    known = await request.read(posts.find_same_link, link, origin)
    if known is None:
        return None
    told = replace(filled, known_link=digest)
    return _render(request, told, fields, link_note=replies.same_link(known))


async def _open_form(
    request: SlackRequest,
    opened: Form,
    fields: Fields,
    note: str | None = None,
    known: Post | None = None,
) -> Message | None:
    link_note = replies.same_link(known) if known is not None else None
    opened = _as_opened(request, opened)
    return await request.open_dialog(
        _render(request, opened, fields, note=note, link_note=link_note)
    )


def _render(
    request: SlackRequest,
    shown: Form,
    fields: Fields,
    *,
    note: str | None = None,
    link_note: str | None = None,
) -> View:
    untagged = request.context.sharing_policy.leaves_untagged(fields.link)
    return post_form.render(shown, fields, note=note, link_note=link_note, untagged=untagged)


async def _author(request: SlackRequest, fields: Fields) -> str | None:
    """The name to show with the post, empty for none; None where Slack does not say it."""
    if not fields.show_author:
        return ""
    return await people.load_name(request.context.client, request.user_id)


def _as_opened(request: SlackRequest, opened: Form) -> Form:
    in_sight = opened.in_sight or request.channel_id == request.context.comms_channel
    return replace(opened, in_sight=in_sight, post_days=request.context.post_days)


def _origin(view: Mapping[str, Any], filled: Form) -> FormOrigin:
    """What the form was opened on; Slack's id of the view tells one filling from another."""
    return FormOrigin(payload.id_at(view, "id"), filled.post_id, filled.revision)


LISTENERS: Final[tuple[Listener, ...]] = (
    action(post_form.SAVE, Access.COMMS_AND_GUESTS, save_draft),
    action(re.compile(f"^{post_form_texts.ADD_WORDING}:"), Access.COMMS_AND_GUESTS, add_wording),
    action(post_form_texts.MORE_NETWORKS, Access.COMMS_AND_GUESTS, show_more_networks),
    action(post_form.USE_PAGE, Access.COMMS_AND_GUESTS, use_page),
    form(post_form.FORM, Access.COMMS_AND_GUESTS, submit),
)
