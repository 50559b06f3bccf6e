"""The lower part of a post's form: its picture, its author, where it goes, and its dates."""

from __future__ import annotations

from slack_sdk.models.blocks import Block

from bot.domain.drafting import Fields
from bot.domain.retention import MOST_POST_DAYS
from bot.slack.views import post_form_inputs as inputs
from bot.slack.views.post_form_state import Form, block_of


def render(form: Form, fields: Fields) -> list[Block]:
    """All of it; each of these can be left as it is."""
    blocks: list[Block] = [
        inputs.text(
            block_of(form, "picture"),
            "Picture",
            fields.picture,
            "https://…",
            most=2000,
            optional=True,
            hint=(
                "The address of a PNG, JPG or GIF. The post shows it, and people can add it to "
                "what they share. Without one, the post shows the page's picture, if there is one."
            ),
        ),
        inputs.text(
            "picture_alt",
            "What the picture shows",
            fields.picture_alt,
            "For people who can't see it",
            most=1000,
            multiline=True,
            optional=True,
            hint="Needed if you add a picture.",
        ),
        inputs.author(show=fields.show_author),
    ]
    if not form.is_live:
        blocks.append(inputs.delivery(fields.delivery))
    return [
        *blocks,
        inputs.moment(
            "not_before",
            "Earliest time",
            fields.not_before,
            "In your time zone. It won't go out before this.",
        ),
        inputs.moment(
            "expires_at",
            "Ends",
            fields.expires_at,
            f"In your time zone. Without one, it ends {form.post_days} days after it goes out. "
            f"It can last up to {MOST_POST_DAYS} days.",
        ),
    ]
