"""What people in a company do, by what they type and press in the sandbox.

A button that is not there is not pressed: a deed may have become impossible, as for a person.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.domain.delivery import Delivery
from bot.domain.ids import UserId
from bot.domain.model import Pace, SkipReason
from bot.runtime import Runtime
from bot.slack.views import (
    announcements,
    asks,
    cards,
    direct_form,
    freeze,
    lessons,
    membership,
    notices,
    pace_check,
    responses,
    share_dialog,
    share_forms,
    share_notes,
    suggestions,
)
from slack_sandbox import Fault, Message, Person, View
from tests.differential import news
from tests.differential.deeds import CHOICES, TOPICS
from tests.differential.her_note import HER_NOTE, note_of, ticked
from tests.differential.script import Deed, Script
from tests.support import SlackWorld, execute_sql, fields, fill_in

Act = Callable[[Person, Deed], Awaitable[None]]
_MOST_POSTS = 7


class Clicks:
    """The workspace of a script at its beginning, and what can be done there."""

    def __init__(self, world: SlackWorld, runtime: Runtime, script: Script) -> None:
        self.world, self.runtime, self.script = world, runtime, script
        self.sandbox = world.sandbox
        self.amara, self.nora = world.amara, world.bo
        if script.in_comms:
            world.comms.members.append(self.amara)
        self.others = [
            self.sandbox.add_person(f"colleague{number}") for number in range(script.size - 1)
        ]
        world.news.members += self.others
        self.posts = 0
        self.url = ""

    async def begin(self) -> None:
        """Two posts are in the channel since the day before, and one waits."""
        budget = self.script.budget  # more than an operator may set
        execute_sql(self.url, f"UPDATE workspace SET asks_per_hundred = {budget}")
        start = self.sandbox.clock()
        self.sandbox.clock.advance(-timedelta(days=1))
        for topic in TOPICS[:2]:
            await self._write(self.world.cleo, topic)
            await self.runtime.tick()
        self.sandbox.clock.move_to(start)

    async def settle(self) -> None:
        """Let everything follow that a click leads to."""
        await self.runtime.context.background_tasks.drain()

    async def carry_out(self, deed: Deed, who: int) -> None:
        """Let somebody besides Amara do it."""
        comms: Act | None = getattr(self, f"comms_{deed.what}", None)
        if comms is not None:
            await comms((self.world.cleo, self.world.carl)[who % 2], deed)
        else:
            staff = (*self.others, self.world.cleo, self.nora)
            actor = staff[who % len(staff)]
            await self.do(actor, deed)
        await self.settle()

    async def do(self, who: Person, deed: Deed) -> None:
        """Let a member, or somebody who is none, do what is not for comms alone."""
        act: Act = getattr(self, f"do_{deed.what}")
        await act(who, deed)
        await self.settle()
        if who.view is not None:
            await who.close(everything=True)

    # Consent and settings

    async def do_join(self, who: Person, _deed: Deed) -> None:
        await who.command("/advocacy join")

    async def do_leave(self, who: Person, _deed: Deed) -> None:
        await who.command("/advocacy leave")

    async def do_pause(self, who: Person, _deed: Deed) -> None:
        await who.command("/advocacy pause 2 weeks")

    async def do_resume(self, who: Person, _deed: Deed) -> None:
        await who.command("/advocacy resume")

    async def do_settings(self, who: Person, deed: Deed) -> None:
        await who.command("/advocacy settings")
        if who.view is None:
            return
        chosen = CHOICES[deed.choice % len(CHOICES)]
        offered = [box for box in who.view.blocks if box.get("block_id") == "topics"]
        topics = [
            topic for topic in chosen.topics if f'"{topic}"' in str(offered).replace("'", '"')
        ]
        who.fill(
            {
                "delivery": [way.value for way in Delivery if way in chosen.delivery],
                "pace": chosen.pace.value,
                "networks": [network.value for network in chosen.networks][:3],
                **({"topics": topics} if topics else {}),
            }
        )
        await who.submit()

    async def do_direct(self, who: Person, deed: Deed) -> None:
        await who.command("/advocacy")
        await self._press_private(who, direct_form.OPEN)
        if who.view is None or who.view.callback_id != direct_form.FORM:
            return
        pace = tuple(Pace)[deed.choice % len(Pace)]
        asked = [box["block_id"] for box in who.view.blocks if box.get("block_id") == "topics"]
        topics = {"topics": ["releases"]} if asked else {}
        who.fill({"networks": ["linkedin"], "pace": pace.value, **topics})
        await who.submit()

    async def do_browse_only(self, who: Person, _deed: Deed) -> None:
        await self._press_private(who, membership.BROWSE_ONLY)

    async def do_server(self, who: Person, deed: Deed) -> None:
        """No post here is for a network with servers."""

    async def do_read_lesson(self, who: Person, _deed: Deed) -> None:
        await who.command("/advocacy lessons")
        await self._press_private(who, lessons.READ)

    async def do_decline_lesson(self, who: Person, _deed: Deed) -> None:
        await self._press_private(who, lessons.NO_THANKS)

    # A post

    async def do_share(self, who: Person, deed: Deed) -> None:
        await self._open_dialog(who, deed)

    async def do_consent(self, who: Person, deed: Deed) -> None:
        await self._open_dialog(who, deed)
        if who.view is not None and who.view.callback_id == share_forms.CONSENT:
            await who.submit()

    async def do_open(self, who: Person, deed: Deed) -> None:
        await self._in_dialog(who, deed, share_dialog.OPEN)

    async def do_mark(self, who: Person, deed: Deed) -> None:
        await self._in_dialog(who, deed, share_dialog.SHARED)

    async def do_undo(self, who: Person, deed: Deed) -> None:
        await self._in_dialog(who, deed, share_dialog.NOT_SHARED)

    async def do_take_back(self, who: Person, deed: Deed) -> None:
        await self._in_dialog(who, deed, share_dialog.TAKE_BACK)

    async def do_skip(self, who: Person, deed: Deed) -> None:
        message = self._announcement(deed)
        if message is not None and await self._press(who, message, announcements.SKIP):
            await self._give_reason(who, deed)

    async def do_note(self, who: Person, deed: Deed) -> None:
        await self._in_dialog(who, deed, share_dialog.REPORT_PROBLEM)
        if who.view is not None and who.view.callback_id == share_forms.NOTE_FORM:
            text = note_of(who.name, hers=who is self.amara)
            fields_of = [one for one in who.view.blocks if one["type"] == "input"]
            who.fill({fields_of[0]["block_id"]: text})
            if deed.what == "note_signed" and len(fields_of) > 1:
                [sign] = fields_of[1]["element"]["options"]
                who.fill({fields_of[1]["block_id"]: [sign["value"]]})
            await who.submit()

    async def do_note_signed(self, who: Person, deed: Deed) -> None:
        await self.do_note(who, deed)

    async def do_suggest(self, who: Person, deed: Deed) -> None:
        words = note_of(who.name, hers=who is self.amara)
        offer = news.offer_of(deed.post, words, deed.choice)
        await who.command(f"/advocacy suggest {offer.link}")
        if who.view is None or who.view.callback_id != suggestions.FORM:
            return
        asked = any(one.get("block_id") == "sign" for one in who.view.blocks)
        sign = {"sign": ["sign"]} if asked and offer.signed else {}
        who.fill({"words": words, "tell": ["tell"], **sign})
        await who.submit()

    async def do_tell(self, who: Person, deed: Deed) -> None:
        """Mark a post as shared, and tell comms so."""
        await self._in_dialog(who, deed, share_dialog.OPEN)
        for action in (share_dialog.SHARED, share_dialog.TELL_COMMS):
            if who.view is not None:
                await self._press(who, who.view, action)
        if who.view is None or who.view.callback_id != share_notes.FORM:
            return
        chosen = ticked(deed)
        boxes = {
            "sign": ["sign"] * chosen["signed"],
            "may_answer": ["may_answer"] * chosen["may_answer"],
        }
        asked = {block.get("block_id") for block in who.view.blocks}
        words = note_of(who.name, hers=who is self.amara)
        who.fill({"words": words} | {name: box for name, box in boxes.items() if name in asked})
        await who.submit()

    # An ask

    async def do_skip_in_ask(self, who: Person, deed: Deed) -> None:
        if await self._press_in_ask(who, asks.SKIP):
            await self._give_reason(who, deed)

    async def do_later(self, who: Person, _deed: Deed) -> None:
        await self._choose_in_ask(who, asks.LATER)

    async def do_less(self, who: Person, _deed: Deed) -> None:
        await self._choose_in_ask(who, asks.LESS)

    async def do_pause_in_ask(self, who: Person, _deed: Deed) -> None:
        await self._choose_in_ask(who, asks.PAUSE)
        await self._press_private(who, f"{membership.PAUSE_FOR}:14")

    async def do_leave_in_ask(self, who: Person, _deed: Deed) -> None:
        await self._press_in_ask(who, asks.OPT_OUT)

    async def do_undo_leave(self, who: Person, _deed: Deed) -> None:
        await who.command("/advocacy leave")
        await self._press_private(who, membership.UNDO_LEAVE)

    async def do_who_sees(self, who: Person, _deed: Deed) -> None:
        await self._choose_in_ask(who, asks.WHO_SEES)

    # Comms

    async def comms_write(self, who: Person, deed: Deed) -> None:
        if self.posts < _MOST_POSTS:
            await self._write(who, TOPICS[deed.choice % len(TOPICS)])

    async def comms_propose(self, who: Person, deed: Deed) -> None:
        """A post that waits for approval, and goes on waiting."""
        about = TOPICS[deed.choice % len(TOPICS)]
        await who.command("/advocacy queue", channel=self.world.comms)
        link = f"https://flink.example.org/proposed/{deed.choice}"
        await fill_in(who, fields(title=f"Proposed, on {about}", topics=about, link=link))
        await self._send(who)
        await self.settle()

    async def comms_correct(self, who: Person, deed: Deed) -> None:
        card = self._card(deed)
        if card is not None and await self._press(who, card, cards.EDIT) and who.view is not None:
            who.fill({"why": f"Corrected, {deed.choice}."})
            await self._send(who)
            await self.settle()
            other = self.world.carl if who is self.world.cleo else self.world.cleo
            number = deed.post % self.posts + 1
            await self._approve(other, number)

    async def comms_withdraw(self, who: Person, deed: Deed) -> None:
        await who.command(f"/advocacy withdraw {deed.post % self.posts + 1}")
        await self._press_private(who, cards.WITHDRAW)

    async def comms_news(self, who: Person, _deed: Deed) -> None:
        """Not by clicking: there is no server with a feed."""
        at = self.runtime.context.at(self.sandbox.clock())
        await at.write(news.read_feed, UserId(who.id))
        await self.runtime.reconciler.refresh()  # as the heartbeat's look at feeds does

    async def comms_decide(self, who: Person, deed: Deed) -> None:
        action = (suggestions.USE, suggestions.DECLINE)[deed.choice % 2]
        cards = [one for one in who.messages(self.world.comms) if HER_NOTE not in str(one.blocks)]
        for message in sorted(cards, key=lambda one: str(one.blocks)):
            if await self._press(who, message, action):
                return

    async def comms_freeze(self, who: Person, _deed: Deed) -> None:
        await who.command("/advocacy freeze")
        await self._press_private(who, freeze.FREEZE)

    async def comms_unfreeze(self, who: Person, _deed: Deed) -> None:
        await who.command("/advocacy unfreeze")
        await self._press_private(who, freeze.UNFREEZE)

    async def comms_acknowledge(self, who: Person, _deed: Deed) -> None:
        await who.command("/advocacy health")
        await self._press_private(who, pace_check.ACKNOWLEDGE)

    async def comms_there(self, who: Person, _deed: Deed) -> None:
        await self._press_in_comms(who, notices.IT_IS_THERE)

    async def comms_send_again(self, who: Person, _deed: Deed) -> None:
        await self._press_in_comms(who, notices.SEND_AGAIN)

    async def comms_thank(self, who: Person, _deed: Deed) -> None:
        await self._press_in_comms(who, share_notes.THANK)
        if who.view is not None:
            who.fill({"words": "Thanks"})
            await who.submit()
            await who.close(everything=True)

    async def comms_lose(self, _who: Person, _deed: Deed) -> None:
        """Not theirs to do: Slack's reply to the next announcement is lost."""
        news = self.world.news.id
        self.sandbox.faults.add(
            Fault(
                "chat.postMessage",
                lose_reply=True,
                when=lambda payload: payload.get("channel") == news,
            )
        )

    # Short ways

    def live_messages(self) -> list[Message]:
        """The announcements that can be shared, oldest first."""
        said = self.world.carl.messages(self.world.news) + self.nora.messages(self.world.news)
        known = {one.ts: one for one in said if not one.ephemeral_to}
        return [one for one in known.values() if announcements.SHARE in _actions(one)]

    async def _send(self, who: Person) -> None:
        """The form, what it says of its link, and the preview; each after what went before."""
        for _ in range(3):
            if who.view is not None:
                await who.submit()
                await self.settle()

    async def _write(self, who: Person, topic: str) -> None:
        self.posts += 1
        title = f"On {topic}, number {self.posts}"
        await who.command("/advocacy queue", channel=self.world.comms)
        await fill_in(who, fields(title=title, topics=topic))
        await self._send(who)
        await self.settle()
        other = self.world.carl if who is self.world.cleo else self.world.cleo
        await self._approve(other, self.posts)
        if not self.script.first_groups:
            execute_sql(self.url, "UPDATE post SET reach = 'everybody'")
        await self.settle()

    async def _approve(self, who: Person, number: int) -> None:
        """Read the post in its dialog, and approve it there."""
        await who.command(f"/advocacy approve {number}")
        if who.view is not None:
            await who.submit()
            await who.close(everything=True)

    def _announcement(self, deed: Deed) -> Message | None:
        live = self.live_messages()
        return live[min(deed.post, len(live) - 1)] if live else None

    def _card(self, deed: Deed) -> Message | None:
        number = deed.post % self.posts + 1
        said = self.world.cleo.messages(self.world.comms)
        found = [one for one in said if f"*Post {number}* by" in str(one.blocks)]
        return found[-1] if found else None

    async def _open_dialog(self, who: Person, deed: Deed) -> None:
        message = self._announcement(deed)
        if message is not None:
            await self._press(who, message, announcements.SHARE)

    async def _in_dialog(self, who: Person, deed: Deed, action: str) -> None:
        await self._open_dialog(who, deed)
        if who.view is not None:
            await self._press(who, who.view, action)

    async def _give_reason(self, who: Person, deed: Deed) -> None:
        reason = (None, *SkipReason)[deed.choice % (len(SkipReason) + 1)]
        if reason is not None:
            await self._press_private(who, responses.reason_action(reason))

    async def _press_in_ask(self, who: Person, action: str) -> bool:
        found = [one for one in who.dm if action in _actions(one)]
        return bool(found) and await self._press(who, found[-1], action)

    async def _choose_in_ask(self, who: Person, choice: str) -> None:
        for message in reversed(who.dm):
            for option in _menu(message):
                if option.startswith(f"{choice}:"):
                    await who.choose(message, asks.MENU, option)
                    await self.settle()
                    return

    async def _press_in_comms(self, who: Person, action: str) -> None:
        for message in reversed(who.messages(self.world.comms)):
            if await self._press(who, message, action):
                return

    async def _press_private(self, who: Person, action: str) -> None:
        """The newest button of this kind that only this person sees, in a message or a dialog."""
        views: list[Message | View] = [*reversed(who.views)]
        for place in (*views, *reversed([*who.private, *who.dm])):
            if await self._press(who, place, action):
                return

    async def _press(self, who: Person, place: Message | View, action: str) -> bool:
        if action not in _actions(place):
            return False
        await who.press(place, action)
        await self.settle()
        return True


def _actions(place: Message | View) -> list[str]:
    found = [
        element
        for block in place.blocks
        for element in [*block.get("elements", []), block.get("accessory") or {}]
    ]
    return [str(one.get("action_id")) for one in found if isinstance(one, dict)]


def _menu(message: Message) -> list[str]:
    return [
        option["value"]
        for block in message.blocks
        for element in block.get("elements", [])
        if element.get("action_id") == asks.MENU
        for option in element["options"]
    ]
