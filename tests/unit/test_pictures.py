"""Which picture a post is shown with, and how its page is called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.pictures import Picture, can_be_shown, page_title, picture_of, site_name
from bot.domain.post import LinkedPage
from tests.golden_values import FLINK, PAGE, PICTURED, post

OWN = Picture(PICTURED.picture, PICTURED.picture_alt)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://a.example/a.png", True),
        ("https://a.example/a.JPG?width=2", True),
        ("http://a.example/a.jpeg#x", True),
        ("https://a.example/a.gif", True),
        ("https://a.example/a.webp", False),
        ("https://a.example/a.svg", False),
        ("https://a.example/a?file=a.png", False),
        ("ftp://a.example/a.png", False),
        ("a.png", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_slack_shows_png_jpg_and_gif(address: str, shown: bool) -> None:
    assert can_be_shown(address) is shown


def test_the_authors_picture_comes_before_that_of_the_page() -> None:
    assert picture_of(post(PICTURED, page=PAGE)) == OWN
    assert picture_of(post(page=PAGE)) == Picture(PAGE.image, PAGE.image_alt)
    assert picture_of(post()) is None


def test_a_picture_that_slack_does_not_show_gives_way() -> None:
    odd = replace(PICTURED, picture="https://a.example/a.webp")
    assert picture_of(post(odd, page=PAGE)) == Picture(PAGE.image, PAGE.image_alt)
    assert picture_of(post(odd)) is None


def test_there_is_always_a_description() -> None:
    silent = replace(PAGE, image_alt="")
    shown = picture_of(post(page=silent))
    assert shown is not None
    assert shown.alt == f"The page's picture: {PAGE.title}"
    assert picture_of(post(replace(PICTURED, picture_alt=""))) is None


def test_a_page_without_names_is_called_by_the_post_and_its_host() -> None:
    bare = post(replace(FLINK, link="https://www.news.example.org/a"))
    for page in (None, LinkedPage("", "", "", "")):
        assert page_title(replace(bare, page=page)) == FLINK.title
        assert site_name(replace(bare, page=page)) == "news.example.org"
    named = replace(bare, page=PAGE)
    assert (page_title(named), site_name(named)) == (PAGE.title, PAGE.site)
