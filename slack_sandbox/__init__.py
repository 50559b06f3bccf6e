"""A local Slack for trying and testing Bolt apps with Slack's own client library."""

from slack_sandbox.clock import Clock
from slack_sandbox.driver import Person
from slack_sandbox.faults import Fault
from slack_sandbox.outcomes import Outcome
from slack_sandbox.page_server import Page, attach_page
from slack_sandbox.sandbox import Sandbox
from slack_sandbox.server import RecordedCall
from slack_sandbox.state import Channel, Enterprise, Message, View
from slack_sandbox.tour import HOME, Step, Tour

__all__ = [
    "HOME",
    "Channel",
    "Clock",
    "Enterprise",
    "Fault",
    "Message",
    "Outcome",
    "Page",
    "Person",
    "RecordedCall",
    "Sandbox",
    "Step",
    "Tour",
    "View",
    "attach_page",
]
