"""The story that the demo tells, step by step, each step as a real person would do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.demo import posts
from bot.demo.stage import Stage, clock_shows, does, heading, sees
from bot.runtime import Runtime
from bot.sandbox import Person


async def tell(stage: Stage, runtime: Runtime) -> None:
    """From joining to withdrawing."""
    await _join(stage, runtime)
    await _queue(stage, runtime)
    await _approve(stage, runtime)
    await _announce_and_share(stage, runtime)
    await _announce_and_skip(stage, runtime)
    await _ask_directly(stage, runtime)
    await _withdraw(stage, runtime)


async def _join(stage: Stage, runtime: Runtime) -> None:
    heading("1. Joining is a choice")
    does(stage.amara, "types /advocacy join")
    await stage.amara.command("/advocacy join", channel=stage.news)
    sees(stage.amara, stage.amara.private[-1])
    does(stage.amara, "presses “See posts in the channel”")
    await stage.amara.press(stage.amara.private[-1], "delivery_channel")
    await _settled(runtime)
    sees(stage.amara, stage.amara.private[-1])
    for person in (stage.bruno, stage.dana):
        does(person, "types /advocacy join as well")
        await person.command("/advocacy join", channel=stage.news)


async def _queue(stage: Stage, runtime: Runtime) -> None:
    heading("2. Comms queue three posts")
    does(stage.cleo, f"types /advocacy queue {posts.RELEASE['link']}")
    await _fill(stage.cleo, {**posts.RELEASE, "x:0": posts.TOO_LONG_FOR_X})
    await stage.cleo.submit()
    form = stage.cleo.view
    print(f"  The form stays open; at the field for X it says: {form.errors if form else ''}")
    does(stage.cleo, "shortens the wording for X and submits again")
    stage.cleo.fill({"x:0": posts.RELEASE["x:0"]})
    await stage.cleo.submit()
    for post in (posts.AWARD, posts.SINKS):
        does(stage.cleo, f"queues “{post['title']}”")
        await _fill(stage.cleo, post)
        await stage.cleo.submit()
    await _settled(runtime)
    sees(stage.dev, stage.card(1), "in the comms channel")


async def _approve(stage: Stage, runtime: Runtime) -> None:
    heading("3. A second person approves")
    does(stage.cleo, "presses Approve on her own post")
    await stage.cleo.press(stage.card(1), "approve")
    await _settled(runtime)
    sees(stage.cleo, stage.cleo.private[-1])
    for post in (1, 2, 3):
        does(stage.dev, f"approves post {post}")
        await stage.dev.press(stage.card(post), "approve")
        await _settled(runtime)
    for post in (1, 2, 3):
        card = stage.card(post).plain_for(stage.cleo)
        print("  The card says:", *card.splitlines()[1:3], sep="\n    | ")


async def _announce_and_share(stage: Stage, runtime: Runtime) -> None:
    heading("4. The first post reaches the channel, and people answer as they like")
    await _next_announcement(stage, runtime)
    post = stage.announced()[-1]
    sees(stage.amara, post, "in #share-our-news")
    does(stage.amara, "presses Share")
    await stage.amara.press(post, "share")
    sees(stage.amara, stage.amara.view, "in a dialog")
    does(stage.amara, "presses “Open in LinkedIn”")
    outcome = await stage.amara.press(_view(stage.amara), "open_composer")
    await _settled(runtime)
    print(f"  Her browser opens {outcome.url}")
    sees(stage.amara, stage.amara.view, "in the dialog, which offers more now")
    does(stage.amara, "presses “Mark as shared (optional)”")
    await stage.amara.press(_view(stage.amara), "mark_shared")
    await _settled(runtime)
    does(stage.bruno, "presses Skip, and gives a reason because he likes to")
    await stage.bruno.press(post, "skip")
    await _settled(runtime)
    sees(stage.bruno, stage.bruno.private[-1])
    await stage.bruno.press(stage.bruno.private[-1], "skip_reason:not_my_audience")
    await _settled(runtime)
    sees(stage.bruno, stage.bruno.private[-1])
    does(stage.chen, "has not joined, and presses Share")
    await stage.chen.press(post, "share")
    sees(stage.chen, stage.chen.view, "in a dialog")
    does(stage.chen, "presses “Join and continue”")
    await stage.chen.submit()
    sees(stage.chen, stage.chen.view, "in the same dialog")


async def _announce_and_skip(stage: Stage, runtime: Runtime) -> None:
    heading("5. Days later, the next one; nobody is asked more than occasionally")
    await _next_announcement(stage, runtime)
    post = stage.announced()[-1]
    sees(stage.dana, post, "in #share-our-news")
    does(stage.dana, "presses Share, then “Share on X instead”, then “Use my own words”")
    await stage.dana.press(post, "share")
    await stage.dana.press(_view(stage.dana), "other_network:x")
    await _settled(runtime)
    await stage.dana.press(_view(stage.dana), "own_words")
    await _settled(runtime)
    does(stage.dana, "writes her own words, and forgets to say that she works here")
    _type_own(stage.dana, "Proud of the people behind this.")
    await stage.dana.submit()
    sees(stage.dana, stage.dana.view, "in the form, with her words kept and a lesson offered once")
    does(stage.dana, "presses Read it; the form waits underneath")
    await stage.dana.press(_view(stage.dana), "lesson_read")
    await _settled(runtime)
    sees(stage.dana, stage.dana.view, "in a dialog on top")
    does(stage.dana, "presses Done, and says it in her own way")
    await stage.dana.close()
    _type_own(stage.dana, "I work at Acme, and I'm proud of the people behind this.")
    await stage.dana.submit()
    sees(stage.dana, stage.dana.view, "in a dialog")
    await stage.dana.press(_view(stage.dana), "open_composer")
    for person in (stage.amara, stage.chen):
        does(person, "presses Skip")
        await person.press(post, "skip")
    await _settled(runtime)


async def _ask_directly(stage: Stage, runtime: Runtime) -> None:
    heading("6. The third goes out, and to Chen directly, who likes that better")
    does(stage.chen, "types /advocacy settings, and chooses direct messages, topics and networks")
    await stage.chen.command("/advocacy settings", channel=stage.news)
    topics = [topic.strip() for topic in posts.SINKS["topics"].split(",")]
    stage.chen.fill({"delivery": ["direct"], "topics": topics, "networks": ["linkedin", "x"]})
    await stage.chen.submit()
    sees(stage.chen, stage.chen.view, "in the same dialog")
    await stage.chen.close()
    await _next_announcement(stage, runtime)
    await _until(stage, runtime, lambda: len(stage.directly(stage.chen)) > 0)
    [message] = stage.directly(stage.chen)
    sees(stage.chen, message, "in a direct message, at a moment inside his own hours")
    does(stage.chen, "opens the menu and chooses “Save for later”")
    ref = message.blocks[-1]["elements"][0]["value"]
    await stage.chen.choose(message, "ask_menu", f"later:{ref}")
    await _settled(runtime)
    sees(stage.chen, message, "in its place")


async def _withdraw(stage: Stage, runtime: Runtime) -> None:
    heading("7. The third is withdrawn: its buttons go, wherever it stands")
    post = stage.announced()[-1]
    does(stage.bruno, "presses Skip")
    await stage.bruno.press(post, "skip")
    does(stage.dev, "types /advocacy withdraw 3")
    await stage.dev.command("/advocacy withdraw 3", channel=stage.comms)
    await _settled(runtime)
    sees(stage.amara, post, "in #share-our-news")
    sees(stage.chen, stage.directly(stage.chen)[-1], "in the direct message")
    does(stage.amara, "types /advocacy leave")
    await stage.amara.command("/advocacy leave", channel=stage.news)
    sees(stage.amara, stage.amara.private[-1])


async def _next_announcement(stage: Stage, runtime: Runtime) -> None:
    """Move the clock in half hours until the channel gets its next post by itself."""
    before = len(stage.announced())
    await _until(stage, runtime, lambda: len(stage.announced()) > before)


async def _until(stage: Stage, runtime: Runtime, happened: Callable[[], bool]) -> None:
    """Move the clock in half hours until it has happened by itself."""
    clock = stage.sandbox.clock
    for _ in range(14 * 48):
        await runtime.tick()
        if happened():
            clock_shows(clock())
            return
        clock.advance(timedelta(minutes=30))
    raise RuntimeError("two weeks have passed and nothing went out")


async def _fill(person: Person, post: dict[str, Any]) -> None:
    await person.command(f"/advocacy queue {post['link']}")
    person.fill(post)


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
    await runtime.kit.afterwards.drain()
