"""Answers to a response address: how often, how long, and where they are seen."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from slack_sandbox import Channel, Fault, Person, Sandbox


@pytest.fixture
def hook(sandbox: Sandbox, session: Any, amara: Person, news: Channel) -> AsyncWebhookClient:
    url = sandbox.state.new_response_url(amara, news)
    return AsyncWebhookClient(url, session=session, retry_handlers=[])


async def test_it_takes_five_answers(hook: AsyncWebhookClient, amara: Person) -> None:
    for number in range(5):
        answer = await hook.send(text=str(number))
        assert (answer.status_code, answer.body) == (200, "ok")
    answer = await hook.send(text="6")
    assert answer.status_code == 404
    assert "used_url" in answer.body
    assert [message.text for message in amara.private] == ["0", "1", "2", "3", "4"]


async def test_it_takes_answers_for_thirty_minutes(
    sandbox: Sandbox, hook: AsyncWebhookClient
) -> None:
    sandbox.clock.advance(timedelta(minutes=29))
    assert (await hook.send(text="in time")).status_code == 200
    sandbox.clock.advance(timedelta(minutes=2))
    answer = await hook.send(text="late")
    assert answer.status_code == 404
    assert "expired_url" in answer.body


async def test_an_answer_may_be_for_everybody(
    sandbox: Sandbox, hook: AsyncWebhookClient, amara: Person, news: Channel
) -> None:
    ben = sandbox.add_person("ben")
    news.members.append(ben)
    await hook.send(text="for you")
    await hook.send(text="for all", response_type="in_channel")
    assert [message.text for message in amara.messages(news)] == ["for you", "for all"]
    assert [message.text for message in ben.messages(news)] == ["for all"]


async def test_an_answer_that_slack_would_refuse_is_refused(
    sandbox: Sandbox, hook: AsyncWebhookClient, amara: Person
) -> None:
    answer = await hook.send(text="x", blocks=[{"type": "fireworks"}])
    assert answer.status_code == 400
    assert "invalid_blocks" in answer.body
    assert sandbox.calls[-1].method == "response_url"
    assert amara.private == []


async def test_the_original_is_replaced_or_taken_away(
    sandbox: Sandbox, session: Any, client: AsyncWebClient, amara: Person, news: Channel
) -> None:
    await client.chat_postMessage(channel=news.id, text="original")
    (message,) = amara.messages(news)
    url = sandbox.state.new_response_url(amara, news, message)
    hook = AsyncWebhookClient(url, session=session)
    await hook.send(text="replaced", replace_original=True)
    assert [one.text for one in amara.messages(news)] == ["replaced"]
    await hook.send(delete_original=True)
    assert amara.messages(news) == []


async def test_answers_can_go_wrong_too(
    sandbox: Sandbox, hook: AsyncWebhookClient, amara: Person
) -> None:
    sandbox.faults.add(Fault(method="response_url", status=500))
    assert (await hook.send(text="one")).status_code == 500
    assert amara.private == []
