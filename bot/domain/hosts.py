"""Whether what a member typed names a server on the public internet."""

from __future__ import annotations

from typing import Final

import regex

MAX_TYPED: Final = 300
_LONGEST: Final = 253  # of a host name (RFC 1035)
_LABEL: Final = regex.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# Endings that lead nowhere, or into somebody's own network (RFC 2606, 6761, 6762, 8375, 9476).
_PRIVATE_ENDINGS: Final = """
    alt arpa corp example home internal intranet invalid lan local localdomain localhost onion
    private test
"""
_PRIVATE: Final = frozenset(_PRIVATE_ENDINGS.split())
# The standard library reads these as the rules of 2003 did, browsers do not: another server's name.
_READ_IN_TWO_WAYS: Final = regex.compile("[\u00df\u1e9e\u03c2\u200c\u200d]")
_NO_SERVER: Final = (
    "Please give your server's name, as in mastodon.social; your address there, such as "
    "@you@mastodon.social, will do too."
)


def public_host(typed: str) -> str:
    """The host name in a server's name, an address such as @you@server, or a profile's link.

    It comes back in small letters, in its ASCII form (RFC 5891). Numbers and names that only
    somebody's own network knows are refused: the composer's link must lead nowhere else.

    Raises:
        ValueError: With one sentence for people, where it names no public server.
    """
    text = typed.strip()
    if not text or len(text) > MAX_TYPED:
        raise ValueError(_NO_SERVER)
    text = regex.sub(r"^https?://", "", text, flags=regex.IGNORECASE)
    text = text.split("/", 1)[0]
    text = text.rpartition("@")[2].rstrip(".")
    if _READ_IN_TWO_WAYS.search(text):
        raise ValueError(_NO_SERVER)
    try:
        host = text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError(_NO_SERVER) from None
    labels = host.split(".")
    public = (
        len(host) <= _LONGEST
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and labels[-1] not in _PRIVATE
        and regex.fullmatch(r"[a-z]{2,}|xn--[a-z0-9-]+", labels[-1]) is not None
    )
    if not public:
        raise ValueError(_NO_SERVER)
    return host
