"""The doctor: what it finds in good and in bad order, and that it never gives up half way."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.doctor import Finding, examine, exit_status, report
from bot.domain.model import Stage
from bot.runtime import running
from bot.settings import Settings
from bot.slack import manifest, permissions
from bot.slack.channels import find_channel
from bot.storage import members, removals
from bot.storage.database import create_engine_for
from slack_sandbox import Fault, Sandbox
from tests.services.helpers import AMARA, DAY, START, ServiceWorld

Source = dict[str, str]


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        sandbox.scopes[:] = manifest.scopes()
        sandbox.add_channel("advocacy")
        sandbox.add_channel("comms", private=True)
        yield sandbox


@pytest.fixture
def source(sandbox: Sandbox, new_sqlite: Callable[[], str]) -> Source:
    """Settings with which the bot could run."""
    url = new_sqlite()
    Path(url.removeprefix("sqlite:///")).chmod(0o600)
    return {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "ADVOCACY_CHANNEL": "advocacy",
        "COMMS_CHANNEL": "comms",
        "DISCLOSURE": "#AcmeEmployee",
        "DATABASE_URL": url,
    }


async def examined(
    source: Mapping[str, str], clock: Callable[[], datetime] = now
) -> dict[str, Finding]:
    return {finding.subject: finding for finding in await examine(source, clock, manifest.PATH)}


async def not_ok(source: Mapping[str, str]) -> dict[str, Finding]:
    return {subject: each for subject, each in (await examined(source)).items() if not each.ok}


async def test_everything_in_order_is_said_so(source: Source) -> None:
    findings = await examine(source, now, manifest.PATH)
    assert [finding for finding in findings if not finding.ok] == []
    assert exit_status(findings) == 0
    assert report(findings).endswith("\nThe bot can run.")


async def test_every_setting_is_listed_with_its_default(source: Source) -> None:
    found = await examined(source)
    assert found["PORT"] == Finding(True, "PORT", "3000 (default)")
    assert found["ADVOCACY_CHANNEL"].says == "advocacy"
    assert found["TIME_ZONE"].says == "not set: the one that most people in comms have"


async def test_lessons_of_ones_own_are_counted(source: Source, tmp_path: Path) -> None:
    assert (await examined(source))["lessons"] == Finding(True, "lessons", "14 can be read")
    front = "---\ntitle: Our tone\nsummary: How we write.\norder: 25\n---\n"
    (tmp_path / "our-tone.md").write_text(f"{front}Some words.")
    source["LESSONS_DIR"] = str(tmp_path)
    assert (await examined(source))["lessons"].says == "15 can be read"


async def test_a_lesson_that_cannot_be_read_is_named_with_its_file(
    source: Source, tmp_path: Path
) -> None:
    source["LESSONS_DIR"] = str(tmp_path)
    (tmp_path / "our-tone.md").write_text("# Only a heading")
    findings = await examine(source, now, manifest.PATH)
    [wrong] = [finding for finding in findings if not finding.ok]
    assert wrong.subject == "lessons"
    assert wrong.says.startswith("our-tone.md: it has no front matter")
    assert "LESSONS_DIR" in (wrong.mend or "")
    assert exit_status(findings) == 1, "the bot does not start with it either"


async def test_a_folder_of_lessons_that_is_not_there_is_a_wrong_setting(
    source: Source, tmp_path: Path
) -> None:
    source["LESSONS_DIR"] = str(tmp_path / "gone")
    found = await not_ok(source)
    assert list(found) == ["LESSONS_DIR"]
    assert "has to exist" in (found["LESSONS_DIR"].mend or "")


async def test_no_secret_is_shown(source: Source, sandbox: Sandbox) -> None:
    source["SLACK_SIGNING_SECRET"] = sandbox.signing_secret
    source["DATABASE_URL"] = "postgresql://bot:hunter2@127.0.0.1:1/advocacy"
    said = report(await examine(source, now, manifest.PATH))
    for secret in (sandbox.bot_token, sandbox.app_token, sandbox.signing_secret, "hunter2"):
        assert secret not in said
    assert f"xoxb-… ({len(sandbox.bot_token)} characters)" in said


async def test_a_bare_machine_gets_a_whole_report() -> None:
    findings = await examine({"DATABASE_URL": "postgres://host/db"}, now)
    wrong = [finding.subject for finding in findings if finding.ok is False]
    assert wrong == [
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "DATABASE_URL",
    ]
    assert all(finding.mend for finding in findings if finding.ok is False)
    assert exit_status(findings) == 1
    assert "The bot cannot run yet: 3 things are wrong." in report(findings)


async def test_one_wrong_setting_does_not_hide_the_rest(source: Source) -> None:
    source["DISCLOSURE"] = "#ad"
    found = await examined(source)
    assert found["DISCLOSURE"].fatal
    for subject in ("bot token", "scopes", "app token", "advocacy channel", "clock", "database"):
        assert found[subject].ok, subject


async def test_a_refused_bot_token_says_where_to_get_another(
    source: Source, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault(method="auth.test", error="invalid_auth", times=None))
    found = await not_ok(source)
    assert list(found) == ["bot token"]
    assert found["bot token"].says == "Slack answers invalid_auth"
    assert "OAuth & Permissions" in (found["bot token"].mend or "")
    assert found["bot token"].fatal


async def test_a_refused_app_token_says_where_to_get_another(source: Source) -> None:
    source["SLACK_APP_TOKEN"] = "xapp-of-another-app"
    found = await not_ok(source)
    assert list(found) == ["app token"]
    assert "connections:write" in (found["app token"].mend or "")
    assert found["app token"].fatal


@pytest.mark.parametrize("error", ["ratelimited", "internal_error"])
async def test_trouble_of_slacks_own_is_no_fault_of_the_settings(
    source: Source, sandbox: Sandbox, error: str
) -> None:
    sandbox.faults.add(Fault(method="auth.test", error=error, times=None))
    found = await not_ok(source)
    assert found["bot token"].ok is None
    assert found["bot token"].mend == "Try again in a minute."


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open", "conversations.list"])
async def test_a_cut_connection_is_a_finding_and_no_traceback(
    source: Source, sandbox: Sandbox, method: str
) -> None:
    sandbox.faults.add(Fault(method=method, cut=True, times=None))
    found = await not_ok(source)
    assert {each.says for each in found.values() if each.fatal} == {"Slack doesn't answer"}
    assert all(each.mend for each in found.values() if each.fatal)


async def test_an_address_that_is_not_slacks_is_a_finding(source: Source) -> None:
    source["SLACK_API_URL"] += "of/nobody/"
    found = await not_ok(source)
    assert found["bot token"].says == "the answer isn't from Slack"
    assert "SLACK_API_URL" in (found["bot token"].mend or "")


async def test_a_missing_scope_asks_to_reinstall(source: Source, sandbox: Sandbox) -> None:
    sandbox.scopes.remove("users:read")
    found = await not_ok(source)
    assert found["scopes"].says == "missing: users:read"
    assert found["scopes"].mend == "Reinstall the app from manifest.json."
    assert found["scopes"].fatal


async def test_a_missing_channel_scope_is_told_for_the_channels_too(
    source: Source, sandbox: Sandbox
) -> None:
    sandbox.scopes.remove("groups:read")
    found = await not_ok(source)
    assert found["comms channel"].says == "Slack answers missing_scope"
    assert found["comms channel"].mend == "Reinstall the app from manifest.json."


async def test_a_scope_too_many_is_worth_a_note(source: Source, sandbox: Sandbox) -> None:
    sandbox.scopes.append("channels:history")
    findings = await examine(source, now, manifest.PATH)
    (note,) = [finding for finding in findings if not finding.ok]
    assert note.ok is None
    assert note.says == "more than the bot uses: channels:history"
    assert exit_status(findings) == 0


@pytest.mark.parametrize("scope", ["dnd:read", "files:write"])
async def test_an_optional_scope_that_was_left_out_is_a_note_that_says_what_is_lost(
    source: Source, sandbox: Sandbox, scope: str
) -> None:
    sandbox.scopes.remove(scope)
    found = await not_ok(source)
    assert list(found) == ["optional scope"]
    note = found["optional scope"]
    assert (note.ok, note.fatal) == (None, False)
    assert note.says == f"{scope} is left out: {permissions.WITHOUT[scope]}"
    assert "reinstall the app" in (note.mend or "")
    assert scope not in (await examined(source))["scopes"].says


async def test_events_are_compared_with_what_the_apps_settings_show(
    source: Source, tmp_path: Path
) -> None:
    [note] = [each for each in await examine(source, now) if each.subject == "events"]
    assert (note.ok, note.fatal) == (None, False)
    assert "app_home_opened" in note.says
    assert "doctor --manifest FILE" in (note.mend or "")
    saved = tmp_path / "saved.json"

    async def compared(text: str) -> Finding:
        saved.write_text(text)
        [found] = [each for each in await examine(source, now, saved) if each.subject == "events"]
        assert not found.fatal
        return found

    assert (await compared(manifest.PATH.read_text())).ok
    old = manifest.read()
    old["settings"]["event_subscriptions"] = {"bot_events": ["message.channels"]}
    found = await compared(json.dumps(old))
    assert found.ok is False
    assert found.says == (
        "missing events: app_home_opened, channel_shared, member_left_channel; "
        "events that the bot does not use: message.channels"
    )
    assert "reinstall the app" in (found.mend or "")
    for text in ("", "[]", "display_information:\n  name: Advocacy\n", '{"settings": []}'):
        assert "isn't a manifest in JSON" in (await compared(text)).says


async def test_erasing_is_on_time_or_so_many_days_late(source: Source) -> None:
    assert (await examined(source))["erasing"] == Finding(True, "erasing", "on time")
    world = ServiceWorld(create_engine_for(source["DATABASE_URL"]))
    world.save_workspace()
    world.respond(world.join(AMARA).user_id, world.live(), Stage.OPENED)
    world.withdraw(1)
    due = world.now + 30 * DAY

    async def said(late: timedelta) -> Finding:
        return (await examined(source, lambda: due + late))["erasing"]

    assert (await said(timedelta(hours=23))).ok
    found = await said(3 * DAY)
    assert found.says == "3 days late: answers to posts that ended"
    assert found.mend == (
        "The bot erases by itself while it runs. Check that it is running, and look at its log."
    )
    assert (found.ok, found.fatal) == (False, False)
    world.run(removals.enqueue, [("D1", "1.5")])
    world.now = due + 3 * DAY
    world.erase()
    late = (await examined(source, lambda: due + 6 * DAY))["erasing"]
    assert late.says == f"{(due + 6 * DAY - START).days} days late: messages in Slack, SQLite's log"
    assert AMARA not in late.says
    world.engine.dispose()


async def test_people_whom_slack_refuses_for_good_are_counted_from_five_on(source: Source) -> None:
    world = ServiceWorld(create_engine_for(source["DATABASE_URL"]))
    world.save_workspace()
    people = [world.join(f"U{number}").id for number in range(6)]

    async def found(refused: int) -> Finding:
        for member_id in people[:refused]:
            world.run(members.record_unreachable, member_id)
        return (await examined(source))["direct messages"]

    for refused in (0, 4):
        fine = Finding(True, "direct messages", "Slack refuses them for fewer than 5 people")
        assert await found(refused) == fine
    told = await found(5)
    assert told.says == "Slack refuses them for 5 people, so the bot no longer sends them any"
    assert (told.ok, told.fatal) == (None, False)
    assert told.mend is not None
    assert "Messages Tab" in told.mend
    world.engine.dispose()


async def test_a_channel_that_nobody_knows_is_wrong(source: Source) -> None:
    source["ADVOCACY_CHANNEL"] = "advocasy"
    found = await not_ok(source)
    assert found["advocacy channel"].says.startswith("advocasy doesn't exist")
    assert found["advocacy channel"].fatal


async def test_a_private_channel_without_the_bot_looks_the_same(
    source: Source, sandbox: Sandbox
) -> None:
    sandbox.add_channel("inner-circle", private=True, bot_is_member=False)
    source["COMMS_CHANNEL"] = "inner-circle"
    found = await not_ok(source)
    assert "/invite @" in (found["comms channel"].mend or "")
    assert found["comms channel"].fatal


async def test_a_channel_without_the_bot_asks_for_an_invitation(
    source: Source, sandbox: Sandbox
) -> None:
    sandbox.add_channel("news", bot_is_member=False)
    source["ADVOCACY_CHANNEL"] = "news"
    found = await not_ok(source)
    assert found["advocacy channel"].says.startswith("the bot isn't in #news")
    assert "/invite @" in (found["advocacy channel"].mend or "")


async def test_an_archived_channel_is_wrong(source: Source, sandbox: Sandbox) -> None:
    sandbox.add_channel("old-news", archived=True)
    source["ADVOCACY_CHANNEL"] = "old-news"
    found = await not_ok(source)
    assert "is archived" in found["advocacy channel"].says
    assert found["advocacy channel"].fatal


@pytest.mark.parametrize("private", [True, False], ids=["shared", "public"])
async def test_a_comms_channel_that_others_can_read_is_wrong(
    source: Source, sandbox: Sandbox, *, private: bool
) -> None:
    channel = sandbox.add_channel("open-comms", private=private)
    channel.connected_to += ["T0ELSEWHERE"] if private else []
    source["COMMS_CHANNEL"] = "open-comms"
    found = (await not_ok(source))["comms channel"]
    assert found.fatal
    assert ("is shared with another organisation" if private else "is public") in found.says
    assert found.mend is not None
    assert "choose another" in found.mend


async def test_one_channel_for_both_is_found_even_by_name_and_id(
    source: Source, sandbox: Sandbox
) -> None:
    source["ADVOCACY_CHANNEL"] = sandbox.channel("comms").id
    assert (await not_ok(source))["channels"].fatal


@pytest.mark.parametrize(
    ("seconds", "ok", "fatal"), [(0, True, False), (-50, True, False), (90, False, False)]
)
async def test_the_clock_is_compared_with_slacks(
    source: Source, seconds: int, ok: bool, fatal: bool
) -> None:
    found = await examined(source, lambda: now() + timedelta(seconds=seconds))
    assert (found["clock"].ok, found["clock"].fatal) == (ok, fatal)


async def test_five_minutes_off_stops_http_but_not_socket_mode(
    source: Source, sandbox: Sandbox
) -> None:
    def late() -> datetime:
        return now() - timedelta(minutes=6)

    assert not (await examined(source, late))["clock"].fatal
    over_http = source | {
        "SLACK_APP_TOKEN": "",
        "SLACK_SIGNING_SECRET": sandbox.signing_secret,
    }
    assert (await examined(over_http, late))["clock"].fatal


async def test_over_http_the_signing_secret_is_named_instead(
    source: Source, sandbox: Sandbox
) -> None:
    source |= {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": sandbox.signing_secret}
    found = await examined(source)
    assert "app token" not in found
    assert found["signing secret"].ok is None


async def test_a_database_without_tables_says_what_to_run(source: Source, tmp_path: Path) -> None:
    source["DATABASE_URL"] = f"sqlite:///{tmp_path / 'new.db'}"
    found = await not_ok(source)
    assert found["database"].says == f"there is no database {tmp_path / 'new.db'}"
    assert (found["database"].mend or "").endswith("run: python -m bot migrate")
    assert found["database"].fatal
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize("name", ["nowhere/a.db", "letter.db", "."])
async def test_a_database_out_of_reach_is_wrong(source: Source, tmp_path: Path, name: str) -> None:
    (tmp_path / "letter.db").write_text("a letter to a friend, too long for a header " * 20)
    source["DATABASE_URL"] = f"sqlite:///{tmp_path}/{name}"
    found = await not_ok(source)
    assert found["database"].says.startswith("cannot be reached: ")
    assert "\n" not in found["database"].says
    assert found["database"].fatal


async def test_a_server_out_of_reach_is_wrong(source: Source) -> None:
    source["DATABASE_URL"] = "postgresql://bot:hunter2@127.0.0.1:1/advocacy"
    found = await not_ok(source)
    assert found["database"].says.startswith("cannot be reached: ")


def test_the_report_needs_no_colour() -> None:
    findings = [
        Finding(True, "PORT", "3000 (default)"),
        Finding(None, "comms channel", "#comms is public", "Make it a private channel."),
        Finding(False, "clock", "90 seconds apart", "Set the clock."),
    ]
    assert report(findings).splitlines() == [
        "ok     PORT           3000 (default)",
        "note   comms channel  #comms is public",
        "                      -> Make it a private channel.",
        "wrong  clock          90 seconds apart",
        "                      -> Set the clock.",
        "",
        "The bot can run, but one thing is wrong.",
    ]


async def test_channels_are_found_by_name_and_by_id_on_any_page(sandbox: Sandbox) -> None:
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    last = sandbox.add_channel("zz-last")
    for wanted in ("zz-last", "#zz-last", "ZZ-Last", last.id):
        found = await find_channel(client, wanted, page=1)
        assert found is not None
        assert (found.id, found.name, found.openness.is_private) == (last.id, "zz-last", False)
    assert await find_channel(client, "nowhere", page=1) is None
    assert await find_channel(client, "C0NOWHERE") is None


async def test_a_refusal_while_finding_a_channel_is_not_taken_for_its_absence(
    sandbox: Sandbox,
) -> None:
    client = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[])
    sandbox.scopes.clear()
    for wanted in ("comms", sandbox.channel("comms").id):
        with pytest.raises(SlackApiError, match="missing_scope"):
            await find_channel(client, wanted)


async def test_the_row_is_shown_beside_what_the_file_says(source: Source, sandbox: Sandbox) -> None:
    await started_once(source)
    source["APPROVALS"], source["CHANNEL_HOURS"] = "1", "nine to five"
    found = await examined(source)
    assert found["CHANNEL_WEEKLY_CAP"] == Finding(True, "CHANNEL_WEEKLY_CAP", "2")
    approvals = found["APPROVALS"]
    assert approvals.ok is None
    assert approvals.says == '2 in the workspace; .env says "1", which is not read any more'
    assert "/advocacy setup" in (approvals.mend or "")
    assert found["CHANNEL_HOURS"].says.startswith("09:30-16:30 in the workspace")
    assert not found["CHANNEL_HOURS"].fatal


async def started_once(source: Source) -> None:
    async with running(Settings.read(source), now, ticking=False, limits=None):
        pass
