"""Bodies as they were packed for the way (RFC 9110, 8.4), unpacked as browsers do, and bounded."""

from __future__ import annotations

import zlib
from typing import Final

_GZIP: Final = ("gzip", "x-gzip")
_PACKED: Final = (*_GZIP, "deflate")
# The other names of IANA's registry of content codings. A name that is not registered, such as
# "UTF-8" or "none", says nothing of the body, and is passed over as browsers do.
_OTHERS: Final = frozenset(
    "aes128gcm br compress dcb dcz exi pack200-gzip x-compress zstd".split()  # noqa: SIM905
)
_MOST_LAYERS: Final = 3
_MOST_MEMBERS: Final = 200  # of one gzip body; each costs a copy of what follows it
_GZIP_MARK: Final = b"\x1f\x8b"


class CannotUnpack(Exception):
    """The body is packed in a way that is not known, or broken."""


def unpack(body: bytes, header: str, most: int) -> tuple[bytes, bool]:
    """The body without what `Content-Encoding` names, and whether some of it is missing.

    Args:
        body: what came, perhaps not all of it.
        header: the header's values, joined by commas.
        most: bytes, of each layer; what is more is missing.

    Raises CannotUnpack.
    """
    names = [name.strip().casefold() for name in header.split(",")]
    layers = [name for name in reversed(names) if name in _PACKED]
    if not _OTHERS.isdisjoint(names) or len(layers) > _MOST_LAYERS:
        raise CannotUnpack
    missing = False
    try:
        for place, name in enumerate(layers):
            # Proxies repeat the header without packing once more, so only the outer layer must be.
            if not body or (place > 0 and not _looks_packed(body, name)):
                break
            body, more = _gunzip(body, most) if name in _GZIP else _inflate(body, most)
            missing = missing or more
    except zlib.error:
        raise CannotUnpack from None
    if body.startswith(_GZIP_MARK):  # packed, whatever the header says
        raise CannotUnpack
    return body, missing


def _looks_packed(body: bytes, name: str) -> bool:
    return body.startswith(_GZIP_MARK) if name in _GZIP else _has_zlib_header(body)


def _has_zlib_header(body: bytes) -> bool:
    # RFC 1950, 2.2.
    return body[0] & 0x8F == 8 and int.from_bytes(body[:2], "big") % 31 == 0


def _gunzip(body: bytes, most: int) -> tuple[bytes, bool]:
    """All members of a gzip body; what follows them and is none is passed over."""
    unpacked = bytearray()
    for _ in range(_MOST_MEMBERS):
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        unpacked += member.decompress(body, most - len(unpacked))
        body = member.unused_data
        if not member.eof or not body.startswith(_GZIP_MARK):
            return bytes(unpacked), not member.eof
        if len(unpacked) >= most:
            break
    return bytes(unpacked), True


def _inflate(body: bytes, most: int) -> tuple[bytes, bool]:
    """A deflated body, in zlib's format as the standard has it, or raw as some servers send it."""
    window = zlib.MAX_WBITS if _has_zlib_header(body) else -zlib.MAX_WBITS
    stream = zlib.decompressobj(window)
    return stream.decompress(body, most), not stream.eof
