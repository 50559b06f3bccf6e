"""A page's own preview: what Facebook and LinkedIn take from the page, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from urllib.parse import urljoin

from bot.domain.drafting import Fields
from bot.domain.post_fields import link_error
from bot.domain.typed_text import clean

LONGEST_TITLE: Final = 150
LONGEST_DESCRIPTION: Final = 300
LONGEST_SITE: Final = 80

# The tags of Open Graph, then those of X, then what every page may have: the first one that says
# something counts.
_TITLES: Final = ("og:title", "twitter:title", "title")
_DESCRIPTIONS: Final = ("og:description", "twitter:description", "description")
_IMAGES: Final = (
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
)
_SITES: Final = ("og:site_name",)
_IMAGE_ALTS: Final = ("og:image:alt", "twitter:image:alt")
TAG_NAMES: Final = frozenset({*_TITLES, *_DESCRIPTIONS, *_IMAGES, *_SITES, *_IMAGE_ALTS})


class PreviewState(StrEnum):
    """Where the look at a post's page stands."""

    WANTED = "wanted"
    FETCHING = "fetching"
    DONE = "done"


class Problem(StrEnum):
    """Why a page could not be looked at, or only in part."""

    ADDRESS = "address"
    NOT_PUBLIC = "not_public"
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    REFUSED = "refused"
    REDIRECTS = "redirects"
    NO_PAGE = "no_page"
    UNREADABLE = "unreadable"
    CUT = "cut"


class Part(StrEnum):
    """A part of a preview."""

    TITLE = "title"
    DESCRIPTION = "description"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Preview:
    """What people will see of a page; a part that it lacks is empty.

    `image` is an address that `link_error` finds nothing wrong with, `image_alt` its description,
    `site` the name of the whole site. With a `problem` nothing is known of the page, and every part
    is empty; of a page that was CUT some parts may be known.
    """

    title: str = ""
    description: str = ""
    image: str = ""
    problem: Problem | None = None
    site: str = ""
    image_alt: str = ""

    @property
    def lacks(self) -> tuple[Part, ...]:
        """The parts that the page does not provide; none where it was not read to its end."""
        if self.problem is not None:
            return ()
        said = {
            Part.TITLE: self.title,
            Part.DESCRIPTION: self.description,
            Part.IMAGE: self.image,
        }
        return tuple(part for part in Part if not said[part])


def fill_empty(fields: Fields, page: Preview) -> tuple[Fields, tuple[str, ...]]:
    """The fields of a form with what its page says where nothing stands, and which those are."""
    filled = replace(
        fields,
        title=fields.title if clean(fields.title) else page.title,
        why=fields.why if clean(fields.why) else page.description,
        picture=fields.picture if clean(fields.picture) else page.image,
    )
    names = ("title", "why", "picture")
    return filled, tuple(each for each in names if getattr(filled, each) != getattr(fields, each))


def preview_from_tags(tags: Mapping[str, str], address: str) -> Preview:
    """The preview of a page from what its head says.

    Args:
        tags: What stands in the page, by the names in `TAG_NAMES`; the page's title is "title".
        address: Where relative addresses begin: where the page is, or what it says instead.
    """
    return Preview(
        title=_first(tags, _TITLES, LONGEST_TITLE),
        description=_first(tags, _DESCRIPTIONS, LONGEST_DESCRIPTION),
        image=_image(tags, address),
        site=_first(tags, _SITES, LONGEST_SITE),
        image_alt=_first(tags, _IMAGE_ALTS, LONGEST_DESCRIPTION),
    )


def _first(tags: Mapping[str, str], names: tuple[str, ...], most: int) -> str:
    for name in names:
        # Cut before it is cleaned as well: a page may say half a million characters here.
        said = " ".join(clean(tags.get(name, "").strip()[: 10 * most]).split())
        if said:
            return said if len(said) <= most else f"{said[: most - 1]}…"
    return ""


def _image(tags: Mapping[str, str], address: str) -> str:
    for name in _IMAGES:
        said = tags.get(name, "").strip()
        if not said:
            continue
        try:
            whole = urljoin(address, said)
        except ValueError:  # A host that is none.
            continue
        if link_error(whole) is None:
            return whole
    return ""
