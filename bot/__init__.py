"""A Slack bot that proposes shareable company posts to staff who opted in, only occasionally."""
