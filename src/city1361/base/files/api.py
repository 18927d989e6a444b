"""The door of base.files."""

from __future__ import annotations

from typing import IO

from city1361.base.files.decisions import distance
from city1361.base.files.keeping import expire_unlinked, link, store_file, sweep_orphans
from city1361.base.files.queries import FileView, files, files_of, look_alikes, open_file, repeated_pictures
from city1361.base.files.registration import register_file_guard, register_purpose
from city1361.base.files.terms import ATTACHMENT, IMAGES, MediaType, Purpose, Rendition
from city1361.base.kernel.by import By, Subject

__all__ = [
    "ATTACHMENT",
    "IMAGES",
    "FileView",
    "MediaType",
    "Purpose",
    "Rendition",
    "distance",
    "expire_unlinked",
    "files",
    "files_of",
    "link",
    "look_alikes",
    "open_file",
    "register_file_guard",
    "register_purpose",
    "repeated_pictures",
    "store",
    "sweep_orphans",
]


def store(
    by: By, upload: bytes | IO[bytes], *, name: str = "", purpose: str = ATTACHMENT.name, owner: Subject | None = None
) -> FileView:
    """Take an upload in, or find the same content that `by` uploaded before for the same purpose and owner.

    Without `owner` it is a draft that only its uploader sees and that expires; `link` gives it to what it belongs to.
    Raises Invalid (type, purpose, damaged), TooLarge (bytes, pixels), TooMany (the account's day), Unavailable (disk,
    too busy).
    """
    row, _ = store_file(by, upload, name=name, purpose=purpose, owner=owner)
    return FileView.of(row)
