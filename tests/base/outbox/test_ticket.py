"""Tickets of live streams."""

from __future__ import annotations

import base64
import json

import pytest

from city1361.base.outbox.ticket import MAXIMUM_TOPICS, BadTicket, sign, verify

KEY = b"k" * 32


def test_a_ticket_is_read_back() -> None:
    ticket = verify(KEY, sign(KEY, ("matter:1", "area:2"), seconds=60, now=1000.0), now=1059.0)
    assert ticket.topics == {"matter:1", "area:2"}
    assert (ticket.issued, ticket.expires) == (1000.0, 1060.0)


def test_an_expired_ticket_is_refused() -> None:
    with pytest.raises(BadTicket, match="expired"):
        verify(KEY, sign(KEY, ("matter:1",), seconds=60, now=1000.0), now=1060.0)


def test_a_ticket_of_another_key_is_refused() -> None:
    with pytest.raises(BadTicket, match="forged"):
        verify(KEY, sign(b"other", ("matter:1",), seconds=60))


def test_a_ticket_with_another_topic_put_in_is_refused() -> None:
    body, signature = sign(KEY, ("matter:1",), seconds=60).split(".")
    fields = json.loads(base64.urlsafe_b64decode(body + "=="))
    fields["t"] = ["matter:2"]
    forged = base64.urlsafe_b64encode(json.dumps(fields).encode()).rstrip(b"=").decode()
    with pytest.raises(BadTicket, match="forged"):
        verify(KEY, f"{forged}.{signature}")


@pytest.mark.parametrize("text", ["", ".", "abc", "a.b.c", "é.x", "x" * 9000, "!!!.???"])
def test_what_is_no_ticket_is_refused(text: str) -> None:
    with pytest.raises(BadTicket):
        verify(KEY, text)


def test_without_a_key_nothing_is_signed_and_nothing_passes() -> None:
    with pytest.raises(ValueError, match="key"):
        sign(b"", ("matter:1",), seconds=60)
    with pytest.raises(BadTicket):
        verify(b"", sign(KEY, ("matter:1",), seconds=60))


@pytest.mark.parametrize("count", [0, MAXIMUM_TOPICS + 1])
def test_a_ticket_holds_some_topics_but_not_too_many(count: int) -> None:
    with pytest.raises(ValueError, match="topics"):
        sign(KEY, tuple(f"matter:{n}" for n in range(count)), seconds=60)
