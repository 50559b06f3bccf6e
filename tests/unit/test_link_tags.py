"""Tags say which network and which post; the rest of a link stays as it is, byte for byte."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.domain.ids import PostId
from bot.domain.link_tags import MEDIUM, TagNames, is_signed, parse, source_of, tag
from bot.domain.post import Network
from bot.domain.sharing_policy import SharingPolicy

TAGS = TagNames()
OURS = "utm_source=x&utm_medium=employee_advocacy&utm_campaign=post-14"
EXAMPLES = {
    "a page": ("https://a.example/p", f"https://a.example/p?{OURS}"),
    "a host alone": ("https://a.example", f"https://a.example?{OURS}"),
    "a parameter": ("https://a.example/p?b=1", f"https://a.example/p?b=1&{OURS}"),
    "a fragment": ("https://a.example/p#end", f"https://a.example/p?{OURS}#end"),
    "both": ("https://a.example/p?b=%20+c#e?f=1&g", f"https://a.example/p?b=%20+c&{OURS}#e?f=1&g"),
    "an empty query": ("https://a.example/p?", f"https://a.example/p?&{OURS}"),
    "another script": ("https://бюро.example/%C3%A4ß", f"https://бюро.example/%C3%A4ß?{OURS}"),
    "a semicolon": ("https://a.example/p;v=1?a;b", f"https://a.example/p;v=1?a;b&{OURS}"),
    "a tag of its own": (
        "https://a.example/?utm_source=mail&b",
        "https://a.example/?utm_source=mail&b&utm_medium=employee_advocacy&utm_campaign=post-14",
    ),
    "a tag of its own, encoded": (
        "https://a.example/?utm%5Fmedium=",
        "https://a.example/?utm%5Fmedium=&utm_source=x&utm_campaign=post-14",
    ),
    "every tag of its own": (
        "https://a.example/?utm_campaign=a&utm_source&utm_medium=b#c",
        "https://a.example/?utm_campaign=a&utm_source&utm_medium=b#c",
    ),
    "other tags": ("https://a.example/?utm_term=a", f"https://a.example/?utm_term=a&{OURS}"),
    "no link": ("", ""),
}

parts = st.text(alphabet="aé%2Futм_source=&;+~utm.-", max_size=25)
links = st.builds(
    lambda host, path, query, fragment: f"https://{host}.example/{path}{query}{fragment}",
    st.sampled_from(["a", "бюро", "xn--90aw6b"]),
    parts,
    st.just("") | parts.map(lambda query: f"?{query}"),
    st.just("") | st.text(alphabet="a?&=#/%20é", max_size=12).map(lambda end: f"#{end}"),
)


@pytest.mark.parametrize(("link", "tagged"), EXAMPLES.values(), ids=EXAMPLES)
def test_our_parameters_come_last_in_the_query(link: str, tagged: str) -> None:
    assert tag(link, Network.X, PostId(14), TAGS) == tagged
    assert tag(tagged, Network.X, PostId(14), TAGS) == tagged, "never twice"


def untagged(tagged: str, names: set[str]) -> str:
    """The link without these parameters of ours, taken off from behind."""
    base, mark, fragment = tagged.partition("#")
    ours = [each for each in OURS.split("&") if each.partition("=")[0] in names]
    bare = base.removesuffix("&".join(ours))
    return (bare[:-1] if ours else bare) + mark + fragment


@given(links)
def test_taking_the_tags_off_again_leaves_exactly_the_link(link: str) -> None:
    tagged = tag(link, Network.X, PostId(14), TAGS)
    there = {part.partition("=")[0] for part in link.partition("#")[0].partition("?")[2].split("&")}
    added = {"utm_source", "utm_medium", "utm_campaign"} - there
    assert untagged(tagged, added) == link


@given(links, st.sampled_from(Network))
def test_a_reader_of_addresses_finds_the_same_place_and_three_more_parameters(
    link: str, network: Network
) -> None:
    before, after = (
        URL(link, encoded=True),
        URL(tag(link, network, PostId(7), TAGS), encoded=True),
    )
    assert (after.raw_host, after.raw_path, after.raw_fragment) == (
        before.raw_host,
        before.raw_path,
        before.raw_fragment,
    )
    ours = {"utm_source": network.value, "utm_medium": MEDIUM, "utm_campaign": "post-7"}
    assert dict(after.query) == {**ours, **dict(before.query)}


# Services that sign a link with its whole query, and the names in which they do.
SIGNED = {
    "Amazon S3": "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=900&X-Amz-Signature=f0e1",
    "Amazon S3, the older way": "AWSAccessKeyId=A&Expires=1&Signature=f0%2Be1%3D",
    "Amazon CloudFront": "Expires=1&Signature=f0e1__&Key-Pair-Id=K",
    "Google Cloud": "X-Goog-Expires=900&X-Goog-Signature=f0e1",
    "Azure": "sv=2022-11-02&sr=b&sp=r&sig=f0%2Fe1%3D",
    "Alibaba Cloud": "x-oss-expires=600&x-oss-signature=f0e1",
    "Tencent Cloud": "q-sign-algorithm=sha1&q-signature=f0e1",
    "Akamai": "hdnts=exp=1~acl=/*~hmac=f0e1",
    "a name that is encoded": "X%2DAmz%2DSignature=f0e1",
    "small letters": "x-amz-signature=f0e1",
}


@pytest.mark.parametrize("query", SIGNED.values(), ids=SIGNED)
def test_a_signed_link_gets_no_tags(query: str) -> None:
    link = f"https://files.a.example/report.pdf?{query}#page=2"
    assert is_signed(link)
    assert tag(link, Network.X, PostId(14), TAGS) == link
    policy = SharingPolicy(tags=TAGS)
    assert policy.leaves_untagged(link)
    assert not replace(policy, tags=None).leaves_untagged(link), "no link is tagged then"


@pytest.mark.parametrize(
    "link",
    [
        "https://a.example/signature",
        "https://a.example/?signatures=12",
        "https://a.example/?sig=",
        "https://a.example/?design=sig",
        "https://a.example/#sig=1",
        "https://a.example/?a=X-Amz-Signature",
    ],
)
def test_other_links_are_not_signed(link: str) -> None:
    assert not is_signed(link)
    assert tag(link, Network.X, PostId(14), TAGS) != link


def test_nothing_in_a_tag_is_about_a_person() -> None:
    assert tag("https://a.example", Network.X, PostId(14), TAGS) == f"https://a.example?{OURS}"


def test_without_names_a_link_stays_as_it_is() -> None:
    assert tag("https://a.example/?a#b", Network.X, PostId(14), None) == "https://a.example/?a#b"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("off", None),
        (" OFF ", None),
        ("on", TAGS),
        ("utm_source,utm_medium,utm_campaign", TAGS),
        (
            "mtm_source, mtm_medium, mtm_campaign",
            TagNames("mtm_source", "mtm_medium", "mtm_campaign"),
        ),
    ],
)
def test_the_names_are_on_off_or_three_others(typed: str, names: TagNames | None) -> None:
    assert parse(typed) == names


@pytest.mark.parametrize(
    "typed", ["", "a", "a,b", "a,b,c,d", "a,a,b", "a,b&c,d", "a,b=,c", "1,2,3"]
)
def test_other_names_are_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match="It takes on, off, or three names"):
        parse(typed)


def test_a_network_is_named_only_where_enough_members_chose_it() -> None:
    assert source_of(Network.X, {Network.X, Network.LINKEDIN}) == "x"
    assert source_of(Network.MASTODON, {Network.X, Network.LINKEDIN}) == "social"
    assert source_of(Network.X, ()) == "social"
