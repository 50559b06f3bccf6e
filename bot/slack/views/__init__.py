"""Data to blocks, and the parsers of what those blocks send back. Action ids live here."""
