"""A person at work: commands, presses, forms, answered by a tiny bot over a real socket."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from slack_sandbox import Channel, Person, Sandbox
from tests.sandbox.blocks import Json, actions, button, field, home, modal, option, plain, section


@pytest.fixture
async def app(app: AsyncApp, connect: Any) -> AsyncIterator[AsyncApp]:
    async with connect(app):
        yield app


async def opened(app: AsyncApp, amara: Person, view: Json, command: str = "/open") -> None:
    """Let the person open this view with a command."""

    @app.command(command)
    async def open_it(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    assert (await amara.command(command)).acknowledged


async def test_the_answer_to_a_command_is_seen_by_that_person(
    app: AsyncApp, amara: Person, news: Channel
) -> None:
    seen: list[Json] = []

    @app.command("/advocacy")
    async def answer(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack(text="Hello", blocks=[section("Hello *Amara*")])

    outcome = await amara.command("/advocacy join now", channel=news)
    assert outcome.acknowledged
    assert [message.plain for message in amara.private] == ["Hello Amara"]
    assert seen[0]["command"] == "/advocacy"
    assert seen[0]["text"] == "join now"
    assert seen[0]["channel_id"] == news.id


async def test_a_press_carries_what_slack_documents(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient, amara: Person, news: Channel
) -> None:
    seen: list[Json] = []

    @app.action("share")
    async def share(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack()

    blocks = [actions(button(value="one"), button("skip"), block_id="row")]
    await client.chat_postMessage(channel=news.id, text="News", blocks=blocks)
    (message,) = amara.messages(news)
    assert (await amara.press(message, "share")).acknowledged
    (body,) = seen
    assert body["type"] == "block_actions"
    assert body["user"]["id"] == amara.id
    assert body["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": news.id,
        "is_ephemeral": False,
        "is_app_unfurl": False,
    }
    assert body["message"]["ts"] == message.ts
    assert body["channel"] == {"id": news.id, "name": "share-our-news"}
    assert body["response_url"].startswith(sandbox.state.base_url)
    (action,) = body["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("share", "row", "one")


async def test_a_button_that_is_not_there_says_what_is(
    client: AsyncWebClient, amara: Person, news: Channel
) -> None:
    blocks = [actions(button(value="one"), button("skip"))]
    await client.chat_postMessage(channel=news.id, text="News", blocks=blocks)
    with pytest.raises(LookupError, match=r"share=one.*skip"):
        await amara.press(amara.messages(news)[0], "mark")


async def test_a_link_button_opens_its_address_and_still_tells_the_bot(
    app: AsyncApp, client: AsyncWebClient, amara: Person, news: Channel
) -> None:
    pressed: list[str] = []

    @app.action("open")
    async def note(ack: Any, action: Json) -> None:
        pressed.append(action["action_id"])
        await ack()

    blocks = [actions(button("open", url="https://x.example/"))]
    await client.chat_postMessage(channel=news.id, text="News", blocks=blocks)
    outcome = await amara.press(amara.messages(news)[0], "open")
    assert outcome.url == "https://x.example/"
    assert pressed == ["open"]


async def test_a_double_click_is_delivered_twice(
    app: AsyncApp, client: AsyncWebClient, amara: Person, news: Channel
) -> None:
    pressed: list[str] = []

    @app.action("share")
    async def note(ack: Any, body: Json) -> None:
        pressed.append(body["trigger_id"])
        await ack()

    await client.chat_postMessage(channel=news.id, text="News", blocks=[actions(button())])
    outcome = await amara.press(amara.messages(news)[0], "share", times=2)
    assert len(set(pressed)) == 2
    assert [one.acknowledged for one in (outcome, *outcome.repeats)] == [True, True]


async def test_an_answer_may_replace_the_private_message_that_was_pressed(
    app: AsyncApp, client: AsyncWebClient, amara: Person, news: Channel
) -> None:
    seen: list[Json] = []

    @app.action("share")
    async def share(ack: Any, body: Json, respond: Any) -> None:
        seen.append(body)
        await ack()
        await respond("Done", replace_original=True)

    blocks = [actions(button())]
    await client.chat_postEphemeral(channel=news.id, user=amara.id, text="Ask", blocks=blocks)
    await amara.press(amara.private[0], "share")
    assert [message.plain for message in amara.private] == ["Done"]
    assert "message" not in seen[0]
    assert seen[0]["container"]["is_ephemeral"]


async def test_a_form_is_filled_and_submitted(app: AsyncApp, amara: Person) -> None:
    seen: list[Json] = []
    pace = {"type": "static_select", "action_id": "a", "options": [option("slow"), option("fast")]}
    days = {"type": "checkboxes", "action_id": "a", "options": [option("mon"), option("tue")]}
    moment = {"type": "datetimepicker", "action_id": "a"}
    number = {"type": "number_input", "action_id": "a", "is_decimal_allowed": False}
    link = {"type": "url_text_input", "action_id": "a"}

    @app.view("form")
    async def take(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack()

    view = modal(
        field("name"),
        field("pace", pace),
        field("days", days),
        field("when", moment),
        field("number", number),
        field("link", link),
        field("note", optional=True),
        callback_id="form",
        private_metadata="{}",
    )
    await opened(app, amara, view)
    amara.fill({"name": "Amara", "pace": "slow", "days": ["tue"], "when": 1_780_000_000})
    amara.fill({"number": 3, "link": "https://x.example"})
    outcome = await amara.submit()
    assert outcome.acknowledged
    assert amara.view is None
    values = seen[0]["view"]["state"]["values"]
    assert values["name"]["typed"] == {"type": "plain_text_input", "value": "Amara"}
    assert values["pace"]["a"]["selected_option"]["value"] == "slow"
    assert [one["value"] for one in values["days"]["a"]["selected_options"]] == ["tue"]
    assert values["when"]["a"]["selected_date_time"] == 1_780_000_000
    assert values["number"]["a"]["value"] == "3"
    assert values["note"]["typed"] == {"type": "plain_text_input", "value": None}
    assert seen[0]["view"]["private_metadata"] == "{}"
    assert seen[0]["response_urls"] == []


async def test_the_client_keeps_an_incomplete_form_to_itself(app: AsyncApp, amara: Person) -> None:
    link = {"type": "url_text_input", "action_id": "a"}
    await opened(app, amara, modal(field("name"), field("link", link)))
    amara.fill({"link": "not a link"})
    outcome = await amara.submit()
    assert (outcome.acknowledged, outcome.error) == (False, "incomplete")
    assert amara.view is not None
    assert set(amara.view.errors) == {"name", "link"}
    with pytest.raises(LookupError, match=r"\['link', 'name'\]"):
        amara.fill({"nickname": "A"})


async def test_an_answer_to_a_form_shows_errors_or_the_next_view(
    app: AsyncApp, amara: Person
) -> None:
    answers: list[Json] = [
        {"response_action": "errors", "errors": {"name": "Too short"}},
        {"response_action": "errors", "errors": {"nickname": "No such field"}},
        {"response_action": "push", "view": modal(section("Sure?"))},
        {"response_action": "update", "view": modal(section("Thanks"))},
        {"response_action": "clear"},
    ]

    @app.view("")
    async def take(ack: Any) -> None:
        await ack(**answers.pop(0))

    await opened(app, amara, modal(field("name")))
    amara.fill({"name": "A"})
    await amara.submit()
    assert amara.view is not None
    assert amara.view.errors == {"name": "Too short"}
    assert "! Too short" in amara.view.plain
    assert (await amara.submit()).error == "invalid_errors"
    await amara.submit()
    assert [view.plain for view in amara.views][1:] == ["Title\nSure?\n[Send]"]
    await amara.submit()
    assert amara.view.plain == "Title\nThanks\n[Send]"
    await amara.submit()
    assert amara.views == []


async def test_a_refused_view_in_an_answer_is_recorded(
    sandbox: Sandbox, app: AsyncApp, amara: Person
) -> None:
    @app.view("")
    async def take(ack: Any) -> None:
        await ack(response_action="update", view=modal(title=plain("x" * 25)))

    await opened(app, amara, modal(field("name")))
    amara.fill({"name": "A"})
    assert (await amara.submit()).error == "invalid_arguments"
    assert sandbox.calls[-1].method == "acknowledgement"


async def test_closing_is_told_only_to_a_bot_that_wants_to_know(
    app: AsyncApp, amara: Person
) -> None:
    closed: list[Json] = []

    @app.view_closed("told")
    async def take(ack: Any, body: Json) -> None:
        closed.append(body)
        await ack()

    await opened(app, amara, modal(field("name"), callback_id="told"))
    await amara.close()
    assert closed == []
    view = modal(field("name"), callback_id="told", notify_on_close=True)
    await opened(app, amara, view, "/again")
    amara.fill({"name": "A"})
    await amara.close()
    assert amara.view is None
    assert closed[0]["view"]["state"]["values"] == {}
    assert closed[0]["is_cleared"] is False


async def test_a_choice_tells_the_bot_and_stays_chosen(app: AsyncApp, amara: Person) -> None:
    seen: list[Json] = []

    @app.action("pace")
    async def take(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack()

    menu = {"type": "static_select", "action_id": "pace", "options": [option("slow")]}
    more = {"type": "overflow", "action_id": "pace", "options": [option("mute")]}
    view = modal(actions(menu, block_id="b"), section(accessory=more), field("name"))
    await opened(app, amara, view)
    assert amara.view is not None
    await amara.choose(amara.view, "pace", "slow")
    await amara.choose(amara.view, "pace", "mute", block_id=amara.view.blocks[1]["block_id"])
    assert [one["actions"][0]["selected_option"]["value"] for one in seen] == ["slow", "mute"]
    chosen = seen[0]["view"]["state"]["values"]["b"]["pace"]["selected_option"]["value"]
    assert chosen == "slow"
    with pytest.raises(LookupError, match="slow"):
        await amara.choose(amara.view, "pace", "fast", block_id="b")
    with pytest.raises(TypeError, match="fill"):
        await amara.choose(amara.view, "typed", "text")


async def test_the_home_tab_is_opened_and_published(app: AsyncApp, amara: Person) -> None:
    @app.event("app_home_opened")
    async def publish(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view=home(section("Welcome")))

    outcome = await amara.open_home()
    assert outcome.acknowledged
    assert amara.home is not None
    assert amara.home.plain == "Welcome"


async def test_joining_and_leaving_are_told(sandbox: Sandbox, app: AsyncApp, amara: Person) -> None:
    seen: list[str] = []
    ideas = sandbox.add_channel("ideas")

    @app.event("member_joined_channel")
    async def joined(event: Json) -> None:
        seen.append(f"{event['user']} joined {event['channel']}")

    @app.event("member_left_channel")
    async def left(event: Json) -> None:
        seen.append(f"{event['user']} left {event['channel']}")

    await amara.join_channel(ideas)
    assert ideas.members == [amara]
    await amara.leave_channel(ideas)
    assert ideas.members == []
    assert seen == [f"{amara.id} joined {ideas.id}", f"{amara.id} left {ideas.id}"]


async def test_sharing_a_channel_with_another_organisation_is_told(
    sandbox: Sandbox, app: AsyncApp
) -> None:
    seen: list[tuple[str, str]] = []
    ideas = sandbox.add_channel("ideas")

    @app.event("channel_shared")
    async def shared(event: Json) -> None:
        seen.append((event["channel"], event["connected_team_id"]))

    await sandbox.connect_channel(ideas, "T0OTHER")
    assert seen == [(ideas.id, "T0OTHER")]
