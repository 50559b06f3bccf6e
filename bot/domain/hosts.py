"""Whether what a member typed names a server on the public internet."""

from __future__ import annotations

from typing import Final

import regex

MAX_TYPED: Final = 300
_LONGEST: Final = 253  # of a host name (RFC 1035)
_STOP: Final = regex.compile("[.\u3002\uff0e\uff61]")  # browsers read all of them as one (RFC 3490)
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
    "Please give your server's name, such as mastodon.social. Your address there, such as "
    "@you@mastodon.social, works too."
)


def encoded_label(label: str) -> str:
    """The label of a host name as it travels (RFC 3492): letters beyond ASCII in Punycode."""
    return label if label.isascii() else "xn--" + label.lower().encode("punycode").decode("ascii")


def decoded_label(label: str) -> str:
    """The label as people read it: the other way round, where it can be."""
    if not label.startswith("xn--"):
        return label
    try:
        return label.removeprefix("xn--").encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def well_formed(host: str) -> bool:
    """Whether a link's host can be one on the internet: two labels or more (RFC 1035), or a number.

    No label is empty or too long. A stop may end the name. Colons are those of IPv6.
    """
    labels = _STOP.split(host)
    if len(labels) > 1 and not labels[-1]:
        labels.pop()
    encoded = [encoded_label(label) for label in labels]
    whole = len(labels) > 1 or ":" in host
    return (
        whole
        and len(".".join(encoded)) <= _LONGEST
        and all(
            len(label) <= 63 and regex.search(r"[^\W_]|[^\x00-\x7f]", label) for label in encoded
        )
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
