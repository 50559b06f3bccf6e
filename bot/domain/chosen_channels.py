"""What is wrong with two channels that were chosen together."""

from __future__ import annotations

from typing import Final

SAME: Final = "same"  # one of them for both; it stands beside other words for what is wrong
