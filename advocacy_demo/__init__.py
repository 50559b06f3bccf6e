"""The demo: the bot in a simulated Slack, walked through the whole flow."""
