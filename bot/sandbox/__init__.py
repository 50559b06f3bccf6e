"""A local stand-in for Slack, for trying and testing the bot with Slack's own client library."""

from bot.sandbox.clock import Clock
from bot.sandbox.driver import Person
from bot.sandbox.faults import Fault
from bot.sandbox.outcomes import Outcome
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import Call
from bot.sandbox.state import Channel, Message, View
from bot.sandbox.tour import Step, Tour

__all__ = [
    "Call",
    "Channel",
    "Clock",
    "Fault",
    "Message",
    "Outcome",
    "Person",
    "Sandbox",
    "Step",
    "Tour",
    "View",
]
