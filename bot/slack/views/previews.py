"""The preview of a post's page on its card: what people will see of it, and what it lacks."""

from __future__ import annotations

from slack_sdk.models.blocks import Block

from bot.domain.post import LinkedPage
from bot.domain.previews import Part, Preview, Problem
from bot.slack.views.text import as_typed, context, shortened

_SHOWN = "What networks show of the page:"
_BARE = "The page offers no preview. Networks may show only its address."
_LACKS = {
    Part.TITLE: "The page has no title for its preview. Networks may show only its address.",
    Part.DESCRIPTION: "The page has no description for its preview. Networks will show none.",
    Part.IMAGE: "The page has no picture for its preview. Networks will show none.",
}
_CUT = (
    "I read only the beginning of the page. Its preview may hold more. The post goes on as usual."
)
_BECAUSE = {
    Problem.ADDRESS: "its link leads to an address that I don't open",
    Problem.NOT_PUBLIC: "it can't be reached from outside, perhaps not by readers either",
    Problem.UNREACHABLE: "it didn't answer",
    Problem.SLOW: "it took too long to answer",
    Problem.REFUSED: "it didn't open for me",
    Problem.REDIRECTS: "its link redirects too many times",
    Problem.NO_PAGE: "its link leads to something other than a page",
    Problem.UNREADABLE: "I couldn't read it",
}


def blocks(preview: Preview | None) -> list[Block]:
    """What the card shows; nothing before the page was looked at.

    The picture is a link: Slack would fetch an image itself, and refuse the whole card where it
    cannot.
    """
    if preview is None:
        return []
    shown: list[Block] = []
    words = "\n".join(filter(None, (preview.title, preview.description)))
    if words or preview.image:
        picture = f"Picture: {shortened(preview.image)}"
        shown += [context(_SHOWN), as_typed(words, preview.image, picture)]
    if warned := warnings(preview):
        shown.append(context("\n".join(warned)))
    return shown


def as_page(preview: Preview | None) -> LinkedPage | None:
    """What people are shown of the page; None before it was looked at."""
    if preview is None:
        return None
    return LinkedPage(preview.title, preview.site, preview.image, preview.image_alt)


def warnings(preview: Preview | None) -> list[str]:
    """What comms should know about the page, in whole sentences."""
    if preview is None:
        return []
    if preview.problem is Problem.CUT:
        return [_CUT]
    if preview.problem is not None:
        because = _BECAUSE[preview.problem]
        return [f"I couldn't look at the page's preview: {because}. The post goes on as usual."]
    lacks = preview.lacks
    return [_BARE] if len(lacks) == len(Part) else [_LACKS[part] for part in lacks]
