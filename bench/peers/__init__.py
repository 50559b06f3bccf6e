"""Two bots as they are usually written, measured beside this one on the same rows."""
