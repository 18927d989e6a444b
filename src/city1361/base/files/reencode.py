"""The child process that turns an uploaded image into two clean JPEG files. Run by path; never imported by others.

Everything it reads is hostile: it limits its own memory, time and files before it touches the first byte, imports
nothing of this project, and whatever happens here ends with this process. Protocol: one JSON line of limits and then
the image on standard input; one JSON line and then the two files on standard output.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
from io import BytesIO
from typing import IO, Any

from PIL import Image

QUALITY = 85
ORIENTATION = 0x0112
UPRIGHT = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}


def confine(memory: int, seconds: int) -> None:
    """Bound address space and processor time; no files are written, no core is left."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, or 1: a broken EXIF block is no reason to lose a good photo."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except MemoryError:
        raise
    except Exception:
        return 1


def opaque(image: Image.Image) -> Image.Image:
    """The pixels alone, on white where the image was transparent; nothing else of the original comes along."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        clean = Image.new("RGB", image.size, "white")
        clean.paste(image, mask=image.getchannel("A"))
        return clean
    clean = Image.new("RGB", image.size)
    clean.paste(image.convert("RGB"))
    return clean


def jpeg(image: Image.Image) -> bytes:
    """`image` as a JPEG file; the only metadata is what a decoder needs."""
    file = BytesIO()
    image.save(file, "JPEG", quality=QUALITY, optimize=True)
    return file.getvalue()


def work(limits: dict[str, Any], source: IO[bytes]) -> tuple[dict[str, Any], bytes, bytes]:
    """Decode, flatten, shrink, put upright, encode."""
    Image.MAX_IMAGE_PIXELS = limits["pixels"]
    with Image.open(source, formats=[limits["format"]]) as image:
        if image.width * image.height > limits["pixels"]:
            return {"error": "pixels"}, b"", b""
        turn = orientation(image)
        # A JPEG may be decoded at a half, a quarter or an eighth of its size: less memory, less time.
        image.draft("RGB", (limits["full_side"], limits["full_side"]))
        image.load()
        picture = opaque(image)
    picture.thumbnail((limits["full_side"], limits["full_side"]), Image.Resampling.LANCZOS)
    for step in UPRIGHT.get(turn, ()):
        picture = picture.transpose(step)
    small = picture.copy()
    small.thumbnail((limits["thumb_side"], limits["thumb_side"]), Image.Resampling.LANCZOS)
    grey = picture.convert("L").resize((9, 8), Image.Resampling.BOX)
    full, thumb = jpeg(picture), jpeg(small)
    return (
        {"width": picture.width, "height": picture.height, "full": len(full), "grey": list(grey.tobytes())},
        full,
        thumb,
    )


def main() -> None:
    limits = json.loads(sys.stdin.buffer.readline())
    confine(limits["memory"], limits["seconds"])
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        answer, full, thumb = work(limits, BytesIO(sys.stdin.buffer.read()))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        answer, full, thumb = {"error": "pixels"}, b"", b""
    except MemoryError:
        answer, full, thumb = {"error": "resources"}, b"", b""
    except Exception:
        # Pillow's readers raise almost anything on damaged input; to the uploader it is all one.
        answer, full, thumb = {"error": "damaged"}, b"", b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + full + thumb)


if __name__ == "__main__":
    main()
