"""Colleagues do not echo: which words are still offered, and when comms are asked for more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.domain import echo
from bot.domain.model import NoticeKind, Post, Wording
from bot.storage import members, openings, posts, workspaces


def offered(
    connection: Connection,
    workspace: str,
    post: Post,
    now: datetime,
    language: str | None = None,
) -> tuple[Wording, ...]:
    """The wordings of the post that are not used up: a member's language first, then least used."""
    opened = openings.of_post(connection, post.id, now - echo.WINDOW)
    counted = echo.near_the_limit(opened)  # else no number of members would change anything
    people = members.consenting(connection, workspace, now) if counted else 0
    return echo.offered(post.content.wordings, opened, people, language)


def ask_for_words(connection: Connection, workspace: str, now: datetime) -> None:
    """Owe comms a word about each network of a live post whose wordings are all used up.

    Once for each revision: a correction may bring new words, and run out of them too.
    """
    for number in openings.often_opened(connection, workspace, echo.FEWEST, now - echo.WINDOW):
        post = posts.find_approved(connection, workspace, number)
        if post is None:
            continue
        left = {wording.network for wording in offered(connection, workspace, post, now)}
        for network in post.content.networks:
            if network not in left:
                workspaces.owe_once(
                    connection,
                    workspace,
                    NoticeKind.WORDS_USED_UP,
                    now,
                    post=number,
                    detail=f"{network}:{post.approved_revision}",
                )
