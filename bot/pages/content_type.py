"""What kind of thing came, by its header, as browsers understand several at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.message import Message
from typing import Final
from urllib.request import parse_http_list

_KIND: Final = re.compile(r"\s*([\w!#$%&'*+.^`|~-]+/[\w!#$%&'*+.^`|~-]+)\s*(?:;|$)", re.ASCII)


def read_content_type(headers: Sequence[str]) -> tuple[str, str | None]:
    """The kind, in small letters, and the character set; "" where there is none.

    The last kind that is one counts. One of the same kind before it may name the character set
    (fetch.spec.whatwg.org, "extract a MIME type").
    """
    kind, charset = "", None
    for value in parse_http_list(", ".join(headers)):
        found = _KIND.match(value)
        if found is None or found[1] == "*/*":
            continue
        said = Message()
        said["Content-Type"] = value
        own = said.get_content_charset()
        if own is not None or found[1].casefold() != kind:
            charset = own
        kind = found[1].casefold()
    return kind, charset
