"""Reports: what comms read of posts and months that have closed, and nobody else does."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot import exports
from bot.domain.exports import Form
from bot.domain.ids import PostId, UserId
from bot.domain.model import Stage
from bot.domain.post import Network
from bot.domain.responses import Answer
from bot.runtime import Runtime
from bot.services import responses
from bot.slack.views import replies, reports
from bot.storage.tx import Tx
from slack_sandbox import Fault, Message, Person
from tests.slack.direct_asks import DAY, WIDE, many
from tests.slack.home_tab import click_on_home, open_home
from tests.support import (
    SlackWorld,
    click,
    click_in_dialog,
    live_post,
    read_answer,
    run_command,
    withdraw,
)

OPENED = Answer(Stage.OPENED, network=Network.LINKEDIN)
STATS = "https://stats.acme.example/visits?campaign={campaign}"


@pytest.fixture
def variables() -> dict[str, str]:
    return {
        "TOPICS": "releases",
        "FIGURES": "on",
        "ANALYTICS_URL": STATS,
        "LINK_TAGS": "on",
        **WIDE,
    }


async def ask(runtime: Runtime, person: Person, line: str) -> Message:
    """Type a command whose answer comes after its acknowledgement; the answer."""
    outcome = await person.command(line)
    await read_answer(runtime, person, outcome)
    return person.private[-1]


async def said(runtime: Runtime, person: Person, line: str) -> str:
    return (await ask(runtime, person, line)).plain_for(person)


async def answer(runtime: Runtime, people: Sequence[Person], post: int) -> None:
    """All of them open the newest post, by the service that clicks call."""

    def open_all(tx: Tx) -> None:
        for person in people:
            responses.record_response(tx, UserId(person.id), PostId(post), OPENED)

    await runtime.context.at(runtime.context.clock()).write(open_all)


async def pass_time(world: SlackWorld, runtime: Runtime, span: timedelta) -> None:
    world.sandbox.clock.advance(span)
    await runtime.tick()


async def closed_month(world: SlackWorld, runtime: Runtime) -> list[Person]:
    """Forty members, of whom 22 opened the first post and 11 the second; both months ago."""
    people = await many(world, runtime, 40)
    await runtime.tick()
    for post, count in ((1, 22), (2, 11)):
        await live_post(world, runtime, title=f"News {post}")
        await answer(runtime, people[:count], post)
        await withdraw(world.carl, post)
        await runtime.tick()
    await pass_time(world, runtime, 8 * DAY)
    await pass_time(world, runtime, 30 * DAY)
    return people


def kinds(message: Message) -> list[str]:
    return [block["type"] for block in message.blocks]


async def test_a_post_tells_its_figures_a_week_after_it_ended(
    world: SlackWorld, runtime: Runtime
) -> None:
    people = await many(world, runtime, 30)
    await runtime.tick()
    await live_post(world, runtime)
    await answer(runtime, people[:14], 1)
    live = await said(runtime, world.carl, "/advocacy report 1")
    assert "is live. I show no figures about a post while it is." in live
    await withdraw(world.carl, 1)
    await pass_time(world, runtime, 6 * DAY)
    assert "come on" in await said(runtime, world.carl, "/advocacy report post-1")
    await pass_time(world, runtime, 2 * DAY)
    shown = await ask(runtime, world.carl, "/advocacy report #1")
    words = shown.plain_for(world.carl)
    assert "“Our new release is out”: about 15 people opened it to share." in words
    assert "https://stats.acme.example/visits?campaign=post-1" in words
    assert "data_visualization" in kinds(shown)
    await run_command(people[0], "/advocacy leave")
    assert await said(runtime, world.carl, "/advocacy report 1") == words


async def test_a_month_is_told_with_a_chart_and_a_table(
    world: SlackWorld, runtime: Runtime
) -> None:
    await closed_month(world, runtime)
    shown = await ask(runtime, world.carl, "/advocacy report")
    words = shown.plain_for(world.carl)
    assert "September 2026: 2 posts ended. People opened a post to share about 35 times." in words
    assert "About 40 people have joined." in words
    assert "Not told, since it could give a few people away: marked as shared, skipped" in words
    assert "2: News 2 | 10 | not told" in words
    assert {"data_visualization", "data_table"} <= {*kinds(shown)}
    assert await said(runtime, world.carl, "/advocacy report September") == words
    assert await said(runtime, world.carl, "/advocacy report 2026-09") == words
    none = await said(runtime, world.carl, "/advocacy report August")
    assert none.startswith("No post ended in August 2026, so there are no figures of it.")
    unknown = await said(runtime, world.carl, "/advocacy report soon")
    assert unknown == f"{_plain(reports.NOT_A_REPORT)}\n[Newest report]"
    assert "No post of that number" in await said(runtime, world.carl, "/advocacy report 99")


def _plain(sentence: str) -> str:
    return sentence.replace("`", "")


async def test_where_slack_takes_no_charts_texts_stand_for_them(
    world: SlackWorld, runtime: Runtime
) -> None:
    await closed_month(world, runtime)
    refuses = Fault("response_url", status=400, when=lambda body: "data_table" in str(body))
    world.sandbox.faults.add(refuses)
    shown = await ask(runtime, world.carl, "/advocacy report")
    assert not {"data_visualization", "data_table"} & {*kinds(shown)}
    assert "Opened: about 35" in shown.plain_for(world.carl)
    assert "rich_text" in kinds(shown), "the table, as text"


async def test_home_has_one_line_and_a_button(world: SlackWorld, runtime: Runtime) -> None:
    await closed_month(world, runtime)
    home = await open_home(runtime, world.carl)
    assert "September 2026: 2 posts ended. People opened a post to share about 35 times." in home
    await click_on_home(runtime, world.carl, reports.REPORT)
    assert world.carl.view is not None
    assert "2: News 2" in world.carl.view.plain
    await click_in_dialog(runtime, world.carl, reports.DRAFT_NOTE)
    assert "September 2026, 2 posts: people opened a post" in world.carl.view.plain
    assert "about 35 times" not in await open_home(runtime, world.gus), "guests see no figures"


async def test_the_file_in_the_comms_channel_is_what_the_command_prints(
    world: SlackWorld, runtime: Runtime, url: str
) -> None:
    await closed_month(world, runtime)
    shown = await ask(runtime, world.carl, "/advocacy report")
    told = await click(runtime, world.carl, shown, reports.POST_FILE)
    assert told == reports.FILE_POSTED
    [file] = [file for message in world.carl.messages(world.comms) for file in message.files]
    assert file.content is not None
    posted, printed = file.content.decode(), io.StringIO(newline="")
    exports.write_report(url, world.sandbox.clock(), Form.CSV, printed)
    assert posted == printed.getvalue()
    rows = list(csv.DictReader(io.StringIO(posted.removeprefix("\ufeff"))))
    assert {**rows[1]} == {
        "first_month": "2026-09",
        "last_month": "2026-09",
        "post": "",
        "title": "all posts",
        "figure": "Opened",
        "people": "35",
    }
    assert [row["people"] for row in rows if row["figure"] == "Opened"] == ["35", "20", "10"]


async def test_a_button_leads_to_earlier_months(world: SlackWorld, runtime: Runtime) -> None:
    people = await closed_month(world, runtime)
    earlier = await said(runtime, world.carl, "/advocacy report")
    await live_post(world, runtime, title="News 3")
    await pass_time(world, runtime, timedelta(hours=1))  # nine in the morning, in winter
    await answer(runtime, people[:22], 3)
    await withdraw(world.carl, 3)
    await pass_time(world, runtime, 8 * DAY)
    await pass_time(world, runtime, 38 * DAY)
    newest = await ask(runtime, world.carl, "/advocacy report")
    assert "News 3" in newest.plain_for(world.carl)
    await click(runtime, world.carl, newest, reports.REPORT_MONTHS)
    assert world.carl.private[-1].plain_for(world.carl) == earlier


async def test_only_comms_read_reports(world: SlackWorld, runtime: Runtime) -> None:
    for person, why in ((world.gus, replies.GUEST), (world.amara, replies.NOT_COMMS)):
        for line in ("/advocacy report", "/advocacy report 1", "/advocacy transparency"):
            assert why in await run_command(person, line)


async def test_staff_get_a_draft_to_post_themselves(world: SlackWorld, runtime: Runtime) -> None:
    await closed_month(world, runtime)
    before = len(world.carl.messages(world.comms))
    draft = await run_command(world.carl, "/advocacy transparency")
    assert "September 2026, 2 posts: people opened a post to share about 35 times." in draft
    assert "July 2026 to August 2026" not in draft
    assert "no post ended." in draft
    assert len(world.carl.messages(world.comms)) == before
