"""Opening the Home tab and pressing what stands on it."""

from __future__ import annotations

from bot.runtime import Runtime
from slack_sandbox import Person


async def open_home(runtime: Runtime, person: Person) -> str:
    """What the Home tab shows when it is opened now."""
    outcome = await person.open_home()
    assert outcome.acknowledged
    await runtime.context.background_tasks.drain()
    assert person.home is not None
    return person.home.plain_for(person)


async def click_on_home(runtime: Runtime, person: Person, action: str) -> str:
    """Press something on the Home tab; what it shows then."""
    assert person.home is not None
    outcome = await person.press(person.home, action)
    assert outcome.acknowledged, outcome.error
    await runtime.context.background_tasks.drain()
    return person.home.plain_for(person)
