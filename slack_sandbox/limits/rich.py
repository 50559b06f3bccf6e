"""What Slack refuses in rich text: unknown parts, and parts without what they need."""

from typing import Any, TypeAlias

from slack_sandbox.limits.check import Check

Json: TypeAlias = dict[str, Any]

# What each leaf needs.
_LEAVES: dict[str, tuple[str, ...]] = {
    "text": ("text",),
    "link": ("url",),
    "emoji": ("name",),
    "user": ("user_id",),
    "channel": ("channel_id",),
    "usergroup": ("usergroup_id",),
    "date": ("timestamp", "format"),
    "broadcast": ("range",),
    "color": ("value",),
    "team": ("team_id",),
}
_PREFORMATTED = ("text", "link")


def check_rich_text(check: Check, block: Json, path: str) -> None:
    """Check a rich text block or cell."""
    for index, part in enumerate(check.items(block, "elements", path, 1_000)):
        at = f"{path}/elements/{index}"
        kind = part.get("type")
        if kind == "rich_text_list":
            _list(check, part, at)
        elif kind in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
            _leaves(check, part, at)
        else:
            check.fail(f"{at}/type", f"unsupported type: {kind}")


def _list(check: Check, part: Json, path: str) -> None:
    check.one_of(part, "style", path, ("bullet", "ordered"), needed=True)
    for index, inner in enumerate(check.items(part, "elements", path, 1_000)):
        at = f"{path}/elements/{index}"
        if inner.get("type") == "rich_text_section":
            _leaves(check, inner, at)
        else:
            check.fail(f"{at}/type", f"unsupported type: {inner.get('type')}")


def _leaves(check: Check, part: Json, path: str) -> None:
    for index, leaf in enumerate(check.items(part, "elements", path, 1_000, least=0)):
        at = f"{path}/elements/{index}"
        kind = leaf.get("type")
        needed = _LEAVES.get(str(kind))
        if needed is None:
            check.fail(f"{at}/type", f"unsupported type: {kind}")
            continue
        if part["type"] == "rich_text_preformatted" and kind not in _PREFORMATTED:
            check.fail(f"{at}/type", f"unsupported type in rich_text_preformatted: {kind}")
        for key in needed:
            if leaf.get(key) in (None, ""):
                check.fail(at, f"missing required field: {key}")
