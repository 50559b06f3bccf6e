"""Forms: errors at their fields, what is typed stays, and questions before an end."""

from __future__ import annotations

import pytest

from advocacy_demo import posts
from bot.slack.views import cards, lessons, own_words, post_form_texts, share_dialog
from slack_sandbox import Sandbox
from tests.browser.visit import COMMS, NEWS, Visitor, live_post, queued_post

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_error_stands_at_its_field(visitor: Visitor) -> None:
    from playwright.async_api import expect

    await visitor.become("cleo", COMMS)
    await visitor.says("/advocacy queue")
    await visitor.button(post_form_texts.MORE_NETWORKS).click()
    await visitor.dialog.locator('[data-block="x:0"]').wait_for()
    await visitor.dialog.get_by_role("button", name="Fill in an example").click()
    wording = visitor.dialog.locator('[data-block="x:0"] textarea')
    await wording.fill(posts.TOO_LONG_FOR_X)
    await visitor.dialog.locator(".submit").click()
    error = visitor.dialog.locator('[data-block="x:0"] .error')
    await expect(error).to_contain_text("280")
    await expect(wording).to_have_attribute("aria-invalid", "true")
    await expect(wording).to_be_focused()
    await expect(wording).to_have_value(posts.TOO_LONG_FOR_X)
    described = await wording.get_attribute("aria-describedby") or ""
    assert (await error.get_attribute("id") or "") in described.split()
    await wording.fill(posts.RELEASE["x:0"])
    await visitor.dialog.locator(".submit").click()
    await visitor.dialog.get_by_role("button", name="Send for approval").click()
    await visitor.dialog.wait_for(state="hidden")
    await visitor.button(cards.APPROVE).wait_for()


async def test_an_empty_field_that_is_needed_is_not_even_sent(visitor: Visitor) -> None:
    from playwright.async_api import expect

    await visitor.become("cleo", COMMS)
    await visitor.says("/advocacy queue")
    await visitor.dialog.locator(".submit").click()
    await expect(visitor.dialog.locator('[data-block="title"] .error')).not_to_be_empty()
    assert not any("view_submission" in one.name for one in visitor.sandbox.state.traffic)


async def test_what_is_typed_stays_when_the_form_grows(visitor: Visitor) -> None:
    from playwright.async_api import expect

    await visitor.become("cleo", COMMS)
    await visitor.says("/advocacy queue")
    title = visitor.dialog.locator('[data-block="title"] input')
    await title.fill("Half a tit")
    await visitor.button(f"{post_form_texts.ADD_WORDING}:linkedin").click()
    await visitor.dialog.locator('[data-block="linkedin:1"]').wait_for()
    await expect(title).to_have_value("Half a tit")


async def test_what_is_typed_survives_a_reload(visitor: Visitor) -> None:
    from playwright.async_api import expect

    await visitor.become("cleo", COMMS)
    await visitor.says("/advocacy queue")
    title = visitor.dialog.locator('[data-block="title"] input')
    await title.fill("Kept")
    view = visitor.sandbox.person("cleo").view
    assert view is not None
    await visitor.sandbox.until(lambda: "Kept" in str(view.values))
    await visitor.page.reload()
    await expect(title).to_have_value("Kept")


async def test_own_words_need_the_disclosure_and_replace_the_dialog(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    from playwright.async_api import expect

    amara = sandbox.person("amara")
    await amara.command("/advocacy join")
    post = await live_post(sandbox)
    await visitor.become("amara")
    await visitor.page.locator(f'[data-key="{post.ts}"] [data-action="share"]').click()
    await visitor.button(share_dialog.EDIT).click()
    words = visitor.dialog.locator('[data-block^="own:"] textarea')
    await expect(words).to_be_focused()
    await words.fill("Proud of this.")
    await visitor.dialog.locator(".submit").click()
    # The form comes again with the reason and two ways on, the first time also with a lesson.
    await expect(visitor.dialog).to_contain_text("in many countries the law asks for it")
    await expect(visitor.button(lessons.READ)).to_have_count(1)
    await expect(words).to_have_value("Proud of this.")
    await visitor.dialog.locator(".submit").click()
    await expect(visitor.button(lessons.READ)).to_have_count(0)
    await expect(visitor.button(own_words.PUT_BACK)).to_have_count(1)
    await words.fill("I work at Acme, and I'm proud of this.")
    await visitor.dialog.locator(".submit").click()
    await expect(visitor.dialog.locator(".copyable")).to_contain_text("I work at Acme")


async def test_withdrawing_is_asked_first_and_can_be_declined(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    from playwright.async_api import expect

    await queued_post(sandbox)
    await visitor.become("cleo", COMMS)
    await visitor.button(cards.WITHDRAW).click()
    question = visitor.page.locator("#confirm[open]")
    await expect(question).to_contain_text("Withdraw this post?")
    await visitor.page.keyboard.press("Escape")
    await question.wait_for(state="hidden")
    assert not any("withdraw" in one.name for one in sandbox.state.traffic)
    await visitor.button(cards.WITHDRAW).click()
    await question.locator("footer button").last.click()
    await expect(visitor.button(cards.WITHDRAW)).to_have_count(0)


async def test_a_dialog_for_a_post_that_ended_meanwhile_says_so(
    visitor: Visitor, sandbox: Sandbox
) -> None:
    from playwright.async_api import expect

    await sandbox.person("amara").command("/advocacy join")
    await live_post(sandbox)
    await visitor.become("amara", NEWS)
    await visitor.button("share").click()
    await visitor.button(share_dialog.OPEN).wait_for()
    dev = sandbox.person("dev")
    await dev.command("/advocacy withdraw 1", sandbox.channel(COMMS))
    await dev.press(dev.private[-1], cards.WITHDRAW)
    await expect(visitor.dialog).to_contain_text("withdrawn")
    await expect(visitor.button(share_dialog.OPEN)).to_have_count(0)
