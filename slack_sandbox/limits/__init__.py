"""Slack's limits: every message and view is checked here before it is shown."""

from slack_sandbox.limits.entry import check_message, check_view, look_at_blocks, look_at_view

__all__ = ["check_message", "check_view", "look_at_blocks", "look_at_view"]
