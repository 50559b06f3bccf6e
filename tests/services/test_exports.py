"""What a company takes into its archive: texts with who approved them, and nothing of members."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from typing import Any

from bot import exports
from bot.domain import local_disclosures
from bot.domain.delivery import Delivery
from bot.domain.exports import Form
from bot.domain.model import Stage
from bot.domain.post import Network, Wording
from bot.domain.sharing_policy import SharingPolicy
from bot.exports import What
from bot.services import notes, retention, workspaces
from bot.storage import workspaces as workspace_rows
from tests.services.helpers import (
    AMARA,
    CARL,
    CLEO,
    DAY,
    OTHER_TEAM,
    START,
    TEAM,
    ServiceWorld,
    post_of,
    workspace,
)

TODAY = START.date()


def export(world: ServiceWorld, what: What, since: date = TODAY) -> list[dict[str, Any]]:
    url, out = world.engine.url.render_as_string(hide_password=False), io.StringIO()
    exports.write(url, what, since, Form.JSON, out)
    rows: list[dict[str, Any]] = json.loads(out.getvalue())
    return rows


def test_a_text_withdrawn_two_years_ago_is_found_with_who_approved_it(world: ServiceWorld) -> None:
    texts = (Wording(Network.X, "News."), Wording(Network.LINKEDIN, "Neues.", "de"))
    post = world.live(title="Old news", wordings=texts)
    world.join(AMARA)
    world.respond(AMARA, post, Stage.OPENED)
    assert world.run(notes.send_note, AMARA, None, "A note of mine.", signed=True) is None
    approved_at = world.now
    world.now += 2 * DAY
    post_of(world.withdraw(post))
    ended_at = world.now
    world.now += 2 * 365 * DAY
    world.erase()
    world.run(retention.forget, CARL)  # who approved it has left the company
    found = export(world, What.POSTS)
    assert [(row["network"], row["language"], row["text"]) for row in found] == [
        ("x", None, "News."),
        ("linkedin", "de", "Neues."),
    ]
    for row in found:
        assert (row["post"], row["version"], row["state"]) == (post, 1, "withdrawn")
        assert (row["title"], row["disclosure"]) == ("Old news", "#AcmeEmployee")
        assert (row["written_by"], row["approved_by"]) == (CLEO, CARL)
        assert row["approved_at"] == f"{approved_at:%Y-%m-%dT%H:%M:%SZ}"
        assert row["ended_at"] == f"{ended_at:%Y-%m-%dT%H:%M:%SZ}"
    acts = export(world, What.AUDIT)
    assert [(row["who"], row["act"]) for row in acts] == [
        (CLEO, "submit"),
        (CARL, "approve"),
        (CARL, "withdraw"),
    ]
    assert AMARA not in str([found, acts])
    assert "A note of mine" not in str([found, acts])


def test_a_text_has_the_disclosure_of_its_language_at_its_approval(world: ServiceWorld) -> None:
    phrases = local_disclosures.parse("de: Anzeige | Ich arbeite bei Acme\nUK: I work at Acme")
    policy = SharingPolicy(phrases=phrases)
    world.run(workspace_rows.save, replace(workspace(), sharing_policy=policy))
    texts = [Wording(Network.X, text, language) for text, language in (("A", None), ("B", "de"))]
    world.approved(wordings=tuple(texts))
    world.save_workspace()  # it is another one from now on
    said = {row["text"]: row["disclosure"] for row in export(world, What.POSTS)}
    assert said == {"A": "#AcmeEmployee", "B": "Anzeige | Ich arbeite bei Acme"}
    [approval] = [row for row in export(world, What.AUDIT) if row["act"] == "approve"]
    assert approval["disclosure"] == "#AcmeEmployee\nde: Anzeige | Ich arbeite bei Acme"


def test_it_begins_with_a_day_in_utc(world: ServiceWorld) -> None:
    world.now = START.replace(hour=23, minute=59)
    world.run(workspaces.freeze, CLEO)
    early = world.in_review(title="Early")
    late = world.in_review(title="Late")
    world.now = START.replace(hour=0) + DAY
    world.run(workspaces.unfreeze, CARL)
    world.send_back(late, "Too long.")
    assert [row["act"] for row in export(world, What.AUDIT, world.now.date())] == [
        "unfreeze",
        "send_back",
    ]
    assert {row["post"] for row in export(world, What.POSTS, world.now.date())} == {late}
    assert {row["post"] for row in export(world, What.POSTS)} == {early, late}
    assert export(world, What.AUDIT)[-1]["reason"] == "Too long."


def test_a_text_says_how_it_was_to_reach_members(world: ServiceWorld) -> None:
    one, both = world.in_review(delivery=frozenset({Delivery.DIRECT})), world.in_review()
    said = {row["post"]: row["delivery"] for row in export(world, What.POSTS)}
    assert said == {one: ["direct"], both: ["channel", "direct"]}


def test_every_version_stands_by_itself_and_drafts_without_texts_too(world: ServiceWorld) -> None:
    post = post_of(world.save(world.form(), wordings=())).id
    world.edit(post, title="Complete")
    rows = export(world, What.POSTS)
    assert [(row["version"], row["text"] is None) for row in rows][:2] == [(1, True), (2, False)]
    assert {row["approved_by"] for row in rows} == {None}


def test_each_workspace_has_its_own_rows(world: ServiceWorld) -> None:
    world.run(workspaces.freeze, CLEO)
    world.within(team=OTHER_TEAM).run(workspaces.freeze, CARL)
    found = [(row["workspace"], row["who"]) for row in export(world, What.AUDIT)]
    assert found == [(TEAM, CLEO), (OTHER_TEAM, CARL)]
