"""The story that the demo tells, step by step, each step as a real person would do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from advocacy_demo import posts
from advocacy_demo.company import (
    OFFICE,
    Company,
    city,
    clock_shows,
    does,
    heading,
    local,
    quote,
    sees,
)
from bot.runtime import Runtime
from slack_sandbox import Person


async def tell(company: Company, runtime: Runtime) -> None:
    """From joining to withdrawing."""
    await _join(company, runtime)
    await _queue(company, runtime)
    await _approve(company, runtime)
    await _announce_and_share(company, runtime)
    await _announce_and_skip(company, runtime)
    await _ask_directly(company, runtime)
    await _withdraw(company, runtime)


async def _join(company: Company, runtime: Runtime) -> None:
    heading("1. Joining is a choice")
    does(company.amara, "types /advocacy join")
    await company.amara.command("/advocacy join", channel=company.news)
    sees(company.amara, company.amara.private[-1])
    does(company.amara, "presses “Use the channel (colleagues see who's in it)”")
    await company.amara.press(company.amara.private[-1], "delivery_channel")
    await _settled(runtime)
    sees(company.amara, company.amara.private[-1])
    for person in (company.bruno, company.dana):
        does(person, "joins as well")
        await person.command("/advocacy join", channel=company.news)


async def _queue(company: Company, runtime: Runtime) -> None:
    heading("2. Comms queue three posts")
    does(company.cleo, f"types /advocacy queue {posts.RELEASE['link']}")
    await _fill(company, {**posts.RELEASE, "x:0": posts.TOO_LONG_FOR_X})
    await company.cleo.submit()
    form = company.cleo.view
    print("  The form stays open. At the field for X it says:")
    quote("\n".join(form.errors.values()) if form else "")
    does(company.cleo, "shortens the text for X, and reads the preview")
    company.cleo.fill({"x:0": posts.RELEASE["x:0"]})
    await company.cleo.submit()
    sees(company.cleo, company.cleo.view, "in the same dialog")
    does(company.cleo, "presses Send for approval")
    await company.cleo.submit()
    for post in (posts.AWARD, posts.SINKS):
        does(company.cleo, f"queues “{post['title']}”")
        await _fill(company, post)
        await company.cleo.submit()
        await company.cleo.submit()
    await _settled(runtime)
    sees(company.dev, company.card(1), "in the comms channel")


async def _approve(company: Company, runtime: Runtime) -> None:
    heading("3. A second person approves")
    does(company.cleo, "presses Approve on her own post")
    await company.cleo.press(company.card(1), "approve")
    await _settled(runtime)
    sees(company.cleo, company.cleo.private[-1])
    for post in (1, 2, 3):
        does(company.dev, f"approves post {post}")
        await company.dev.press(company.card(post), "approve")
        await _settled(runtime)
    for post in (1, 2, 3):
        card = company.card(post).plain_for(company.cleo)
        print(f"  On its card, in {city(company.cleo.tz)} time:")
        quote("\n".join(card.splitlines()[1:3]))


async def _announce_and_share(company: Company, runtime: Runtime) -> None:
    heading("4. The first post reaches the channel, and people answer as they like")
    await _next_announcement(company, runtime)
    post = company.announced()[-1]
    sees(company.amara, post, "in #share-our-news")
    does(company.amara, "presses Share")
    await company.amara.press(post, "share")
    sees(company.amara, company.amara.view, "in a dialog")
    does(company.amara, "presses “Open on a computer”")
    outcome = await company.amara.press(_view(company.amara), "open_composer")
    await _settled(runtime)
    _opens("Her browser", outcome.url or "")
    sees(company.amara, company.amara.view, "in the dialog, which offers more now")
    does(company.amara, "presses “Mark as shared (optional)”")
    await company.amara.press(_view(company.amara), "mark_shared")
    await _settled(runtime)
    does(company.bruno, "presses Skip, and chooses to give a reason")
    await company.bruno.press(post, "skip")
    await _settled(runtime)
    sees(company.bruno, company.bruno.private[-1])
    await company.bruno.press(company.bruno.private[-1], "skip_reason:not_my_audience")
    await _settled(runtime)
    sees(company.bruno, company.bruno.private[-1])
    does(company.chen, "has not joined, and presses Share")
    await company.chen.press(post, "share")
    sees(company.chen, company.chen.view, "in a dialog")
    does(company.chen, "presses “Join and continue”")
    await company.chen.submit()
    sees(company.chen, company.chen.view, "in the same dialog")


async def _announce_and_skip(company: Company, runtime: Runtime) -> None:
    heading("5. The second post comes days later")
    await _next_announcement(company, runtime)
    post = company.announced()[-1]
    sees(company.dana, post, "in #share-our-news")
    does(company.dana, "presses Share, chooses X, then presses “Write my own text”")
    await company.dana.press(post, "share")
    await company.dana.choose(_view(company.dana), "share_network", "x")
    await _settled(runtime)
    await company.dana.press(_view(company.dana), "own_words")
    await _settled(runtime)
    does(company.dana, "writes a text of her own, and forgets to say where she works")
    _type_own(company.dana, "Proud of the people behind this.")
    await company.dana.submit()
    sees(
        company.dana,
        company.dana.view,
        "in the form, which keeps her text and offers a lesson once",
    )
    does(company.dana, "presses Read it; the form stays open below")
    await company.dana.press(_view(company.dana), "lesson_read")
    await _settled(runtime)
    sees(company.dana, company.dana.view, "in a dialog on top")
    does(company.dana, "presses Done, and says it in her own way")
    await company.dana.close()
    _type_own(company.dana, "I work at Acme, and I'm proud of the people behind this.")
    await company.dana.submit()
    sees(company.dana, company.dana.view, "in a dialog")
    await company.dana.press(_view(company.dana), "open_composer")
    for person in (company.amara, company.chen):
        does(person, "presses Skip")
        await person.press(post, "skip")
    await _settled(runtime)


async def _ask_directly(company: Company, runtime: Runtime) -> None:
    heading("6. Chen chooses direct messages, and gets the third post in one")
    does(company.chen, "types /advocacy settings, and chooses direct messages, topics and networks")
    await company.chen.command("/advocacy settings", channel=company.news)
    topics = [topic.strip() for topic in posts.SINKS["topics"].split(",")]
    company.chen.fill({"delivery": ["direct"], "topics": topics, "networks": ["linkedin", "x"]})
    await company.chen.submit()
    sees(company.chen, company.chen.view, "in the same dialog")
    await company.chen.close()
    await _next_announcement(company, runtime)
    await _until(
        company, runtime, lambda: len(company.direct_messages(company.chen)) > 0, company.chen.tz
    )
    [message] = company.direct_messages(company.chen)
    sees(company.chen, message, "in a direct message, within the hours he chose")
    does(company.chen, "opens the menu and chooses “Save for later”")
    ref = message.blocks[-1]["elements"][0]["value"]
    await company.chen.choose(message, "ask_menu", f"later:{ref}")
    await _settled(runtime)
    sees(company.chen, company.chen.private[-1])
    sees(company.chen, message, "where the message was: no answer stays in it")


async def _withdraw(company: Company, runtime: Runtime) -> None:
    heading("7. Comms withdraw the third post, and Amara leaves")
    post = company.announced()[-1]
    does(company.bruno, "presses Skip")
    await company.bruno.press(post, "skip")
    does(company.dev, "types /advocacy withdraw 3, and presses Withdraw")
    await company.dev.command("/advocacy withdraw 3", channel=company.comms)
    await company.dev.press(company.dev.private[-1], "withdraw")
    await _settled(runtime)
    sees(company.amara, post, "in #share-our-news")
    does(company.amara, "types /advocacy leave")
    await company.amara.command("/advocacy leave", channel=company.news)
    sees(company.amara, company.amara.private[-1])


async def _next_announcement(company: Company, runtime: Runtime) -> None:
    """Let time pass until the channel gets its next post by itself."""
    before = len(company.announced())
    await _until(company, runtime, lambda: len(company.announced()) > before)


async def _until(
    company: Company, runtime: Runtime, happened: Callable[[], bool], zone: str = OFFICE
) -> None:
    """Move the clock through days of work until it has happened by itself; show it in this zone."""
    clock = company.sandbox.clock
    give_up_at = clock() + timedelta(days=14)
    while clock() < give_up_at:
        await runtime.tick()
        if happened():
            clock_shows(clock(), zone)
            return
        clock.move_to(_next_half_hour(clock(), zone))
    raise RuntimeError("two weeks have passed and nothing went out")


def _next_half_hour(now: datetime, zone: str) -> datetime:
    """Half an hour later, but never in the night, when nothing goes out."""
    there = local(now + timedelta(minutes=30), zone)
    morning = there.replace(hour=9, minute=0)
    if there < morning:
        return morning.astimezone(UTC)
    evening = there.replace(hour=17, minute=0)
    return (there if there <= evening else morning + timedelta(days=1)).astimezone(UTC)


async def _fill(company: Company, post: dict[str, Any]) -> None:
    person = company.cleo
    await person.command(f"/advocacy queue {post['link']}")
    form = _view(person)
    await person.press(form, "more_networks")
    await company.sandbox.until(lambda: post.keys() <= form.values.keys())
    person.fill(post)


def _opens(who: str, url: str) -> None:
    """A network's own page opens: where it is, and what stands in it already."""
    parts = urlsplit(url)
    print(f"  {who} opens {parts.scheme}://{parts.netloc}{parts.path} with this text filled in:")
    quote("\n".join(parse_qs(parts.query).get("text", ())))


def _type_own(person: Person, words: str) -> None:
    """Fill the field for own words, which has another id for every text that it begins with."""
    [field] = [name for name in _view(person).values if name.startswith("own:")]
    person.fill({field: words})


def _view(person: Person) -> Any:
    if person.view is None:
        raise RuntimeError(f"{person.real_name} has no dialog open")
    return person.view


async def _settled(runtime: Runtime) -> None:
    """Wait for the private answers and cards that follow an acknowledgement."""
    await runtime.context.background_tasks.drain()
