"""Only the public internet is visited, however an address is written."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.previews import Problem
from bot.pages.addresses import public
from bot.pages.fetching import fetch_preview
from bot.pages.visiting import Reach
from tests.pages.hostile import Names

REFUSED = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1
127.255.255.254 168.63.129.16 169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.9
192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1
239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 64:ff9b::8.8.8.8
64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:20::1
2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1
fe80::1%1 fec0::1 ff02::1 ff0e::1
""".split()  # noqa: SIM905
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "100.63.255.255", "172.32.0.1", "192.0.1.1"]
PUBLIC += [
    "223.255.255.255",
    "2606:4700:4700::1111",
    "2a00:1450:4001:82a::200e",
    "2001:4860:4860::8888",
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_the_public_internet_is_refused(text: str) -> None:
    assert not public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_the_public_internet_is_not(text: str) -> None:
    assert public(ip_address(text))


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_no_address_inside_another_one_is_let_through(address: IPv4Address) -> None:
    for carrier in ("::", "::ffff:0:0", "64:ff9b::", "64:ff9b:1::", "fe80::5efe:0:0"):
        assert not public(IPv6Address(int(IPv6Address(carrier)) + int(address)))
    assert not public(IPv6Address((0x2002 << 112) + (int(address) << 80) + 1))


@given(st.one_of(st.integers(0, 2**32 - 1), st.integers(0, 2**128 - 1)).map(ip_address))
def test_nothing_is_let_through_that_python_calls_private(
    address: IPv4Address | IPv6Address,
) -> None:
    if public(address):
        assert address.is_global
        assert not address.is_multicast


# Written in ways that a careless check does not know for what they are.
SPELLINGS = """
http://127.0.0.1/ http://localhost/ http://127.1/ http://127.0.1/ http://2130706433/
http://0x7f000001/ http://0x7f.0.0.1/ http://0177.0.0.1/ http://017700000001/ http://0/
http://0.0.0.0/ http://[::1]/ http://[::]/ http://[::ffff:127.0.0.1]/
http://[::ffff:7f00:1]/ http://[0:0:0:0:0:0:0:1]/ http://[64:ff9b::127.0.0.1]/
http://[fe80::1%25lo]/ http://169.254.169.254/latest/meta-data/ http://0xa9fea9fe/
http://2852039166/ http://[::ffff:169.254.169.254]/ http://[fd00:ec2::254]/ https://10.0.0.1/
http://①②⑦.⓪.⓪.①/ http://127。0。0。1/ http://%31%32%37.0.0.1/
http://LOCALHOST/ http://127.0.0.1:80/ https://127.0.0.1:443/ http://0x7f.1/
http://@127.0.0.1/ http://127.0.0.1#@www.example.com/ http://127.0.0.1?@www.example.com/
""".split()  # noqa: SIM905


@pytest.mark.parametrize("link", SPELLINGS)
async def test_no_spelling_of_an_inner_address_is_visited(link: str) -> None:
    found = await fetch_preview(link, Reach(resolve=Names(), within=2.0))
    assert found.problem in (Problem.NOT_PUBLIC, Problem.ADDRESS, Problem.UNREACHABLE)


STRANGE = """
file:///etc/passwd ftp://127.0.0.1/ gopher://127.0.0.1:6379/_INFO javascript:alert(1)
data:text/html,x mailto:a@b.example //127.0.0.1/ /etc/passwd http:// http:/// http:127.0.0.1 https://:443/
http://user@93.184.215.14/ http://user:word@93.184.215.14/
http://:@93.184.215.14/ http://93.184.215.14:22/ http://93.184.215.14:8080/ http://[::1
http://93.184.215.14:0/ http://93.184.215.14:65536/ http://93.184.215.14:x/
http://www.example.com@127.0.0.1/ unix:///var/run/docker.sock ws://127.0.0.1/ HTTP+UNIX://a/
""".split()  # noqa: SIM905


@pytest.mark.parametrize("link", [*STRANGE, "", " ", "\x00"])
async def test_what_is_no_address_of_a_page_is_not_even_resolved(link: str) -> None:
    asked: list[str] = []

    async def note(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["192.0.2.1"]  # never reached, and refused if it were

    found = await fetch_preview(link, Reach(resolve=note, within=2.0))
    assert (found.problem, asked) == (Problem.ADDRESS, [])


@pytest.mark.parametrize("name", ["a" * 300, "a..b", "."])
async def test_what_can_be_no_name_is_told_from_what_is_none_of_ours(name: str) -> None:
    found = await fetch_preview(f"http://{name}/", Reach(within=2.0))
    assert found.problem in (Problem.ADDRESS, Problem.UNREACHABLE)
