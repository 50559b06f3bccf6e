"""Every command, button, form and view, tried by everybody there is: who is let in to what.

The rows below are written by hand; a new listener without one fails. What each group of people
gets is written by hand, too, so that neither follows from the program.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import pytest

from bot.runtime import Runtime
from bot.slack.app import LISTENERS
from bot.slack.listeners.commands import COMMANDS, UNLISTED
from bot.slack.listeners.registry import Kind, Listener
from bot.slack.views import replies
from slack_sandbox import Outcome, Person, payloads
from slack_sandbox.state import Enterprise
from tests.slack.hostile import click_payload
from tests.support import SlackWorld, all_rows, bot_running, deliver, live_post, run_command

Json = dict[str, Any]

ANYBODY, COMPANY, MEMBERS = "anybody", "company", "members"
WRITING, COMMS, STOPPING, ADMINS = "writing", "comms", "stopping", "admins"

TYPED: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("leave", "my-data", "forget-me"), ANYBODY),
        **dict.fromkeys(("stop asking me on Fridays", "withdraw"), ANYBODY),
        **dict.fromkeys(("help", "xyzzy"), COMPANY),
        **dict.fromkeys(
            ("", "join", "pause 1 week", "resume", "settings", "browse", "suggest"), MEMBERS
        ),
        **dict.fromkeys(("lessons", "practice", "status"), MEMBERS),
        **dict.fromkeys(("queue", "posts", "duplicate 1", "feed"), WRITING),
        **dict.fromkeys(("approve 1", "send-back 1 no", "withdraw 1", "unfreeze"), COMMS),
        **dict.fromkeys(
            (
                "health",
                "audit",
                "report",
                "transparency",
                "feed add https://a.example/",
                "feed remove 1",
            ),
            COMMS,
        ),
        **dict.fromkeys(("freeze",), STOPPING),
        **dict.fromkeys(("setup",), ADMINS),
    }
)
PRESSED: Final[Mapping[str, str]] = MappingProxyType(
    {
        name: access
        for access, names in {
            ANYBODY: """ask_opt_out forget_me leave my_data_file my_data_forget my_data_open
                my_data_page:1 my_data_send open_picture""",
            COMPANY: "note_to_comms write_to_comms",
            MEMBERS: """answer_menu ask_less_again ask_menu ask_share ask_skip browse
                consent_form delivery_browse delivery_channel delivery_direct delivery_no_channel
                direct_form join lesson lesson_no_thanks lesson_read lessons mark_shared more
                name_server not_shared note_form open_composer open_composer_on_phone
                open_settings other_wording own_words own_words_form pause_for:1 pause_two_weeks
                pause_until practise put_disclosure_back renew report_problem resume resume_here
                said_so server_form settings_country settings_form share share_instead
                share_network share_note_form skip skip_reason:1 status suggest_from_message
                suggest_news suggested_words suggestion take_back take_back_answer tell_comms
                undo_leave who_sees_what""",
            WRITING: """add_wording:1 all_posts copy_as_email duplicate edit edit_again
                more_networks open_feeds open_schedule post_form post_preview review save_draft
                use_page write_post""",
            COMMS: """acknowledge_pace add_named_feed:1 approve feeds it_is_there move_post:1
                decline_suggestion draft_note open_record remove_feed:1 report report_file
                report_months report_post
                review_post send_again send_back send_back_form thank_sharers thanks_form
                turn_record:1 unfreeze
                use_suggestion withdraw""",
            STOPPING: "freeze",
            ADMINS: "setup_channel setup_check setup_form setup_more setup_more_form setup_open",
        }.items()
        for name in names.split()
    }
)
# What people read where something is not for them; None where it is.
_ALL: Final = (ANYBODY, COMPANY, MEMBERS, WRITING, COMMS, STOPPING, ADMINS)


def _gets(
    company: str | None = None,
    members: str | None = None,
    writing: str | None = None,
    comms: str | None = None,
    admins: str | None = replies.NOT_ADMIN,
) -> Mapping[str, str | None]:
    return dict(zip(_ALL, (None, company, members, writing, comms, comms, admins), strict=True))


NOT_COMMS = replies.NOT_COMMS
OUTSIDE = _gets(*[replies.STRANGER] * 5)
COLLEAGUE = _gets(writing=NOT_COMMS, comms=NOT_COMMS)
PEOPLE: Final[Mapping[str, Mapping[str, str | None]]] = MappingProxyType(
    {
        "member": COLLEAGUE,
        "not joined": COLLEAGUE,
        "guest": _gets(None, replies.GUESTS_STAY_OUT, NOT_COMMS, NOT_COMMS),
        "comms": _gets(),
        "guest, let in by a setting": COLLEAGUE,
        "workspace admin": _gets(writing=NOT_COMMS, comms=NOT_COMMS, admins=None),
        "guest in comms": _gets(None, replies.GUESTS_STAY_OUT, None, replies.GUEST),
        "removed from comms": COLLEAGUE,
        "sister workspace": COLLEAGUE,
        "sister workspace, in comms": _gets(),
        "other organisation": OUTSIDE,
        "other organisation, in comms": OUTSIDE,
        "closed account": OUTSIDE,
        "bot": OUTSIDE,
    }
)
DESK = {"comms", "guest in comms", "sister workspace, in comms"}


async def who_is(world: SlackWorld, kind: str) -> Person:
    """Somebody of this kind; all of them are in the opt-in channel."""
    who = _somebody(world, kind.removesuffix(", in comms"))
    if kind == "member":
        await run_command(who, "/advocacy join")
    if kind == "removed from comms":
        await run_command(who, "/advocacy posts")
        await who.leave_channel(world.comms)
    world.news.members.append(who)
    if kind.endswith(", in comms"):
        world.comms.members.append(who)
    return who


def _somebody(world: SlackWorld, kind: str) -> Person:
    add = world.sandbox.add_person
    match kind:
        case "comms" | "removed from comms":
            return world.carl
        case "guest in comms":
            return world.gus
        case "workspace admin":
            return add("ada", is_admin=True)
        case "guest" | "guest, let in by a setting":
            return add("gil", ultra_restricted=True)
        case "sister workspace":
            return add("sis", team_id="T0SISTER", enterprise_id="E0SANDBOX")
        case "other organisation":
            return add("sam", team_id="T0ELSEWHERE", enterprise_id="E0ELSEWHERE")
    world.bo.deleted = kind == "closed account"
    world.bo.is_bot = kind == "bot"
    return world.bo


def test_every_command_button_and_form_has_a_row() -> None:
    assert {_word(line) for line in TYPED} == {one.name for one in COMMANDS} | {"xyzzy", "stop"}
    assert len(UNLISTED) == 3, "a number that withdraw lacks, stopping, and what is no command"
    assert set(PRESSED) == set(map(_id, LISTENERS))


@pytest.mark.parametrize("kind", PEOPLE)
async def test_everybody_gets_what_is_for_them_and_nothing_else(
    world: SlackWorld, url: str, kind: str
) -> None:
    world.sandbox.state.enterprise = Enterprise(users_team_id="T0FIXED")
    guests = "on" if "let in" in kind else "off"
    async with bot_running(world, url, GUESTS_MAY_JOIN=guests) as runtime:
        await live_post(world, runtime)
        who = await who_is(world, kind)
        gets = PEOPLE[kind]
        before = all_rows(url)
        for access in (one for one in _ALL if gets[one] is not None):
            for name, words in await attempts(world, runtime, who, access):
                assert words == gets[access], (kind, name)
        assert all_rows(url) == before
        assert who.view is None, "nothing was opened"
        await who.open_home()
        await runtime.context.background_tasks.drain()
        assert who.home is not None
        assert ("[Write a post]" in who.home.plain) is (kind in DESK)
        shown = "Where you stand" if kind == "member" else gets[MEMBERS] or "[Join]"
        assert shown in who.home.plain
        for access in (one for one in _ALL if gets[one] is None):
            for name, words in await attempts(world, runtime, who, access):
                assert words not in REFUSALS, (kind, name)


REFUSALS: Final = frozenset(
    each for gets in PEOPLE.values() for each in gets.values() if each is not None
) | {replies.CANNOT_CHECK, replies.CANNOT_CHECK_WHO, replies.BROKEN}


async def attempts(
    world: SlackWorld, runtime: Runtime, who: Person, access: str
) -> Sequence[tuple[str, str]]:
    """Everything of this access, and what the person was told first."""
    told: list[tuple[str, str]] = []
    for line in (one for one, needs in TYPED.items() if needs == access):
        outcome = await who.command(f"/advocacy {line}")
        assert outcome.acknowledged, line
        told.append((f"/advocacy {line}", str((outcome.response or {}).get("text", ""))))
    for listener in LISTENERS:
        name = _id(listener)
        if PRESSED[name] == access:
            told.append((name, await _use(world, runtime, who, listener)))
    return told


async def _use(world: SlackWorld, runtime: Runtime, who: Person, listener: Listener) -> str:
    """Press it below a private message, or submit the form; what is read then."""
    name, state = _id(listener), world.sandbox.state
    if listener.kind is Kind.VIEW:
        body = {"type": "modal", "callback_id": name, "blocks": []}
        outcome = await deliver(
            world, payloads.view_submission(state, who, state.new_view(who, body))
        )
        assert outcome.acknowledged, name
        return _in_place(outcome)
    below = state.post(world.news, "", [], ephemeral_to=who)
    if listener.kind is Kind.SHORTCUT:
        outcome = await who.shortcut(name, below if "message" in name else None)
        assert outcome.acknowledged, name
        await runtime.context.background_tasks.drain()
        assert who.view is not None, name
        words = str((who.view.blocks[0].get("text") or {}).get("text", ""))
        await who.close()
        return words
    seen = len(who.private)
    outcome = await deliver(world, click_payload(world, who, below, name))
    assert outcome.acknowledged, name
    await runtime.context.background_tasks.drain()
    told = [one.text for one in who.private[seen:] if one is not below]
    return told[0] if told else ""


def _in_place(outcome: Outcome) -> str:
    blocks = ((outcome.response or {}).get("view") or {}).get("blocks") or [{}]
    return str((blocks[0].get("text") or {}).get("text", ""))


def _word(line: str) -> str:
    return line.partition(" ")[0]


def _id(listener: Listener) -> str:
    """The action id, or one that a pattern takes."""
    return re.sub(
        r"(:|\\d\+)$",
        lambda end: ":1" if end[0] == ":" else "1",
        listener.name[listener.name.startswith("^") :],
    )
