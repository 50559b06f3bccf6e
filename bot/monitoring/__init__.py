"""What an operator sees at a glance: whether it runs, whether it can work, and how it fares."""
