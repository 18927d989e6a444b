"""Re-encoding of uploaded images in a confined child process, so that a hostile one costs a child and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from city1361.base.files import decisions
from city1361.base.files.terms import Limits, MediaType, Renditions
from city1361.base.kernel.errors import Invalid, Unavailable

_CHILD = Path(__file__).with_name("reencode.py")
# The worst accepted picture (24 million pixels, WebP or with transparency) needs less than 512 MB of address space.
_OWN_MEMORY = 224 * 1024 * 1024
_BYTES_PER_PIXEL = 24
CPU_SECONDS = 10
WALL_SECONDS = 30
_WAIT_SECONDS = 15
# Two at once: a burst of photos must not take every core from the people reading pages.
_places = threading.BoundedSemaphore(2)


def renditions(kind: MediaType, content: bytes, limits: Limits, *, memory: int = 0) -> Renditions:
    """The two clean files of an image. Raises Invalid (damaged), TooLarge (pixels), Unavailable (too busy).

    memory: address space of the child in bytes; by default what the largest allowed picture needs, with a margin.
    """
    decisions.check_pixels(decisions.dimensions(kind, content), limits)
    if not _places.acquire(timeout=_WAIT_SECONDS):
        raise Unavailable("image_busy", "正在处理的图片较多，请稍后重试", remedy="请稍后重新上传")
    try:
        output = _run(kind, content, limits, memory or _OWN_MEMORY + _BYTES_PER_PIXEL * limits.pixels)
    finally:
        _places.release()
    return _read(output, limits)


def _run(kind: MediaType, content: bytes, limits: Limits, memory: int) -> bytes:
    order = {
        "format": kind.name,
        "pixels": limits.pixels,
        "full_side": limits.full_side,
        "thumb_side": limits.thumb_side,
        "memory": memory,
        "seconds": CPU_SECONDS,
    }
    # -I: neither the environment nor the working folder decides what this Python loads.
    done = subprocess.Popen(
        [sys.executable, "-I", os.fspath(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8"},
        cwd="/",
    )
    with done:
        try:
            output, _ = done.communicate(json.dumps(order).encode() + b"\n" + content, timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            done.kill()
            return b""
    return output if done.returncode == 0 else b""


def _read(output: bytes, limits: Limits) -> Renditions:
    """The child's answer. No answer means that it ended at one of its limits."""
    line, _, files = output.partition(b"\n")
    answer: dict[str, Any] = json.loads(line) if line else {"error": "resources"}
    if "error" in answer:
        raise _problem(answer["error"])
    full, thumb = files[: answer["full"]], files[answer["full"] :]
    return Renditions(full, thumb, answer["width"], answer["height"], decisions.fingerprint(bytes(answer["grey"])))


def _problem(error: str) -> Invalid:
    messages = {
        "pixels": "图片的实际像素超过上限",
        "resources": "图片无法处理：解码所需的内存或时间超过上限",
        "damaged": "图片不完整或已损坏",
    }
    return Invalid(f"image_{error}", messages[error], where="file", remedy="请重新拍摄或重新导出后上传")
