"""Files that the app uploads: first a place for their bytes, then a message that shows them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

DELETED = "This file was deleted."


@dataclass(eq=False)
class File:
    """A file: announced, then uploaded, then shown in a conversation or kept to the app.

    Attributes:
        key: The secret part of its addresses.
        content: Its bytes; None until they are uploaded.
        completed: Whether the upload was finished, which happens once.
    """

    id: str
    name: str
    size: int
    title: str = ""
    content: bytes | None = None
    completed: bool = False
    deleted: bool = False
    key: str = field(default_factory=lambda: secrets.token_urlsafe(12), repr=False)

    @property
    def shown(self) -> str:
        """What stands in its message."""
        return DELETED if self.deleted else self.title or self.name

    def address(self, base_url: str) -> str:
        """Where it can be read by whoever knows the address."""
        return f"{base_url}/files/{self.key}/{self.name}"


class Files:
    """Every file that the app announced."""

    def __init__(self, new_id: Callable[[str], str], notify: Callable[[], None]) -> None:
        self._new_id, self._notify = new_id, notify
        self._known: dict[str, File] = {}

    def announce(self, name: str, size: int) -> File:
        """Make a place for the bytes of a file."""
        file = File(self._new_id("F"), name, size)
        self._known[file.id] = file
        return file

    def find(self, file_id: str) -> File | None:
        """Find a file by its id."""
        return self._known.get(file_id)

    def find_by_key(self, key: str) -> File | None:
        """Find a file by the secret part of its addresses."""
        return next((file for file in self._known.values() if file.key == key), None)

    def delete(self, file: File) -> None:
        """Take a file away; what showed it stays."""
        file.deleted, file.content = True, None
        self._notify()

    def clear(self) -> None:
        """Forget every file."""
        self._known.clear()
