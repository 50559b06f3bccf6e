"""Looks at everything the bot needs to run, line by line, and says how to mend what is wrong."""

from bot.doctor.examination import examine
from bot.doctor.findings import Finding, exit_status, report

__all__ = ["Finding", "examine", "exit_status", "report"]
