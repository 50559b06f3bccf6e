"""The bot beside the simulated Slack in a browser, for as long as somebody looks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

from advocacy_demo import data, tour
from advocacy_demo.colleagues import add_colleagues
from advocacy_demo.company import DISCLOSURE, Company, set_up
from advocacy_demo.past import Past, live_through
from advocacy_simulation.people import TOPICS
from bot.runtime import Runtime, running
from bot.settings import Settings
from bot.slack import manifest
from slack_sandbox import Clock, Page, Sandbox, Tour, attach_page

START = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)  # a Monday morning, before the channel's hours


def settings(
    company: Company, url: str, *, new: bool = False, past: Past | None = None
) -> Settings:
    """The bot's settings for the company; in a `new` workspace an admin has to set it up."""
    chosen = {
        "ADVOCACY_CHANNEL": company.news.name,
        "COMMS_CHANNEL": company.comms.name,
        "DISCLOSURE": DISCLOSURE,
        "TOPICS": ", ".join(TOPICS) if past else "releases, open source, community",
        "FIGURES": "on" if past else "off",
    }
    return Settings.read(
        {
            "SLACK_BOT_TOKEN": company.sandbox.bot_token,
            "SLACK_APP_TOKEN": company.sandbox.app_token,
            "SLACK_API_URL": company.sandbox.api_url,
            "DATABASE_URL": url,
            # Nothing leaves this machine: a past has pages and a feed of its own.
            "PREVIEWS": "on" if past else "off",
            **({} if new else chosen),
        }
    )


@asynccontextmanager
async def demo_page(
    url: str,
    *,
    port: int = 0,
    keep: bool = False,
    new: bool = False,
    past: Past | None = None,
    on_month: Callable[[date], None] = lambda _: None,
) -> AsyncIterator[Page]:
    """A company in a browser and the bot in it; people open `Page.link`.

    With `keep`, what stands in the database stays, the clock goes on where it stopped, and the
    page has no reset button. With `new`, the bot has tokens alone, and is set up in the page.
    A `past` is lived through first, and again after a reset; `on_month` hears of its months.

    Raises:
        NotOurs: if the database holds another workspace.
        CannotStart: if the bot cannot run on it.
    """
    opens_at = past.ends if past else START
    kept = data.latest(url) if keep else None
    sandbox = Sandbox(port=port, clock=Clock(start=max(opens_at, kept or opens_at)))
    page = attach_page(sandbox)
    async with sandbox:
        if not keep:
            data.empty(url, sandbox.team_id)
        keeper = BotKeeper(page, url, new=new, past=past, on_month=on_month)
        page.commands = tour.commands()
        page.shortcuts = manifest.shortcuts()
        page.examples = tour.EXAMPLES
        page.on_reset = None if keep else keeper.renew
        keeper.start(goes_on=kept is not None)
        try:
            await keeper.ready()
            yield page
        finally:
            await keeper.stop()


class BotKeeper:
    """Keeps one bot running at a time, and begins anew when asked."""

    def __init__(
        self,
        page: Page,
        url: str,
        *,
        new: bool,
        past: Past | None,
        on_month: Callable[[date], None],
    ) -> None:
        self._page = page
        self._sandbox = page.sandbox
        self._url = url
        self._new = new
        self._past = past
        self._on_month = on_month
        self._open = asyncio.Event()
        self._renewal = asyncio.Event()
        self._ends = False
        self._living: asyncio.Task[None] | None = None

    def start(self, *, goes_on: bool) -> None:
        """Begin; one task starts and ends every bot, whoever asks for the next one.

        With `goes_on` the database has its past already.
        """
        self._living = asyncio.create_task(self._live(goes_on=goes_on))

    async def stop(self) -> None:
        """End the bot that runs; raises what kept it from running, if something did."""
        self._ends = True
        self._renewal.set()
        if self._living is not None:
            await self._living

    async def ready(self) -> None:
        """Wait until a bot runs; raises what kept it from running."""
        if self._living is None:
            return
        opened = asyncio.create_task(self._open.wait())
        await asyncio.wait((opened, self._living), return_when=asyncio.FIRST_COMPLETED)
        if not opened.done():
            opened.cancel()
            self._living.result()

    async def renew(self) -> None:
        """Fresh people, a fresh database, a fresh bot, and Monday morning again."""
        self._open.clear()
        self._renewal.set()
        await self.ready()

    async def _live(self, *, goes_on: bool) -> None:
        while not self._ends:
            self._renewal.clear()
            company = set_up(self._sandbox, new=self._new)
            if self._past is None:
                await self._run(settings(company, self._url, new=self._new))
            else:
                await self._run_with_past(company, self._past, goes_on=goes_on)
            if not self._ends:
                self._sandbox.clear()
                self._sandbox.clock.move_to(self._past.ends if self._past else START)
                await asyncio.to_thread(data.empty, self._url, self._sandbox.team_id)

    async def _run(self, chosen: Settings) -> None:
        async with running(chosen, self._sandbox.clock, limits=None) as runtime:
            await self._sandbox.connected(2)
            await self._show(runtime)

    async def _run_with_past(self, company: Company, past: Past, *, goes_on: bool) -> None:
        clock, chosen = self._sandbox.clock, settings(company, self._url, past=past)
        feed, colleagues = past.feed(), add_colleagues(company, past.crowd())
        if not goes_on:
            clock.freeze()
            clock.move_to(past.begins)
        async with running(
            chosen,
            clock,
            ticking=False,
            limits=None,
            fetch=feed.fetch_page,
            fetch_feed=feed.fetch,
        ) as runtime:
            await self._sandbox.connected(2)
            if not goes_on:
                await live_through(past, company, colleagues, runtime, self._on_month)
                clock.run()
            runtime.timer.start()
            await self._show(runtime)

    async def _show(self, runtime: Runtime) -> None:
        """Let people act in the page, until everything begins anew or ends."""
        self._page.tour = Tour(() if self._new else tour.steps(self._sandbox.clock()))
        self._sandbox.mover.beat = runtime.tick
        self._open.set()
        await self._renewal.wait()
        await self._sandbox.mover.stop()
        self._sandbox.mover.beat = None
