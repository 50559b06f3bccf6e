"""Looking at the pages that posts link to, as a careful stranger; knows nothing of Slack."""
