"""The WSGI server of pages and API."""

from __future__ import annotations

import os

PROCESSES = max(2, min(os.cpu_count() or 1, 4))
THREADS = 4
