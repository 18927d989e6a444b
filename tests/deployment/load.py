"""People who only look, and count what they were answered; and single pages of theirs."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from io import BytesIO
from uuid import uuid4

from PIL import Image

from tests.faults.clients import LOST, Person, Town

PAGES = ("/desk/", "/wall/", "/api/v1/matters/?limit=20")


class Readers:
    """Some people who look at one page after the other; none of them asks twice. answers: by status, 0 for none."""

    def __init__(self, town: Town, number: int) -> None:
        self.over, self.answers, self.seconds = threading.Event(), Counter[int](), list[float]()
        self.people = [Person(town.door, town.cookies["town_duty_officer"]) for _ in range(number)]
        self.threads = [threading.Thread(target=self._look, args=(person,), daemon=True) for person in self.people]

    def __enter__(self) -> Readers:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(60)
        for person in self.people:
            person.connection.close()

    def _look(self, person: Person) -> None:
        number = 0
        while not self.over.is_set():
            number += 1
            begun = time.monotonic()
            try:
                status, _ = person.ask("GET", PAGES[number % len(PAGES)])
            except LOST:
                status = 0
            self.answers[status] += 1
            self.seconds.append(time.monotonic() - begun)
            time.sleep(0.05)


def ticket(town: Town, who: str, path: str) -> str:
    """The ticket of the live stream that a page of theirs follows."""
    person = Person(town.door, town.cookies[who])
    status, text = person.ask("GET", path)
    person.connection.close()
    found = re.search(rb'data-ticket="([^"]+)"', text)
    assert found, f"{path} answered {status} without a ticket"
    return found[1].decode()


def upload(person: Person) -> str:
    """A photo given to the city; its number."""
    picture, mark = BytesIO(), uuid4().hex
    Image.new("RGB", (64, 64), (19, 36, 1)).save(picture, "JPEG")
    parts = (
        f'--{mark}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nmatter_photo\r\n'
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    ).encode()
    body = parts + picture.getvalue() + f"\r\n--{mark}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={mark}", "Idempotency-Key": str(uuid4())}
    status, text = person.ask("POST", "/files/", body, **kind)
    assert status in (200, 201), text[:300]
    return str(json.loads(text)["id"])
