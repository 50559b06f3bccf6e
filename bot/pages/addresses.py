"""Which addresses of the internet a page may be fetched from: those of strangers, never our own."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address

# What `is_global` takes for public, in one release of Python or another, or what only looks so.
_REFUSED_4: Final = tuple(
    ip_network(one)
    for one in (
        "100.64.0.0/10",  # behind a carrier's translation; some clouds keep secrets there
        "168.63.129.16/32",  # the host of a virtual machine in Azure
        "192.0.0.0/24",  # protocol assignments; Oracle's cloud keeps secrets there
        "192.88.99.0/24",  # relays of 6to4
    )
)
# Everything that is routed lies in here, so that mapped, translated (NAT64), unique local and
# link-local addresses need no list.
_ROUTED_6: Final = ip_network("2000::/3")
_REFUSED_6: Final = tuple(
    ip_network(one)
    for one in (
        "2001::/23",  # protocol assignments; Teredo carries an IPv4 address inside
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries an IPv4 address inside
        "3fff::/20",  # documentation
    )
)


def public(address: Address) -> bool:
    """Whether an address belongs to the public internet (IANA's special-purpose registries).

    Stricter than `is_global`: IPv6 addresses that carry an IPv4 address are refused whatever
    that is. In a network that has IPv6 only, most pages are therefore out of reach.
    """
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _REFUSED_4)
    return address in _ROUTED_6 and not any(address in network for network in _REFUSED_6)


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host as the system knows them; raises OSError where there are none.

    A question that is given up goes on in its thread for as long as the system asks: some
    seconds, by which the end of the program may be late.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(where[0]) for *_, where in found]
