"""Tables, the one writer, and queries that return domain values."""
