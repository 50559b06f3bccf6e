"""The ids of what is stored, each a type of its own; those of people and workspaces are Slack's."""

from __future__ import annotations

from typing import NewType

WorkspaceId = NewType("WorkspaceId", str)
UserId = NewType("UserId", str)
MemberId = NewType("MemberId", int)
PostId = NewType("PostId", int)
WordingId = NewType("WordingId", int)
AnnouncementId = NewType("AnnouncementId", int)
AskId = NewType("AskId", int)
ResponseId = NewType("ResponseId", int)
NoticeId = NewType("NoticeId", int)
FeedId = NewType("FeedId", int)
SuggestionId = NewType("SuggestionId", int)
ShareNoteId = NewType("ShareNoteId", int)
