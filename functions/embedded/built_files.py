"""Files of the built page from memory: compressed once, with an entity tag for each form."""

import gzip
import mimetypes
import stat
from functools import lru_cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from functions.adapter.in_.http.caching import is_named
from functions.adapter.in_.http.messages import Request

_TEXTS = frozenset({"application/json", "application/manifest+json", "image/svg+xml"})
"""What compression makes smaller, beside all that is text: pictures and fonts are compressed already."""
_TYPES = mimetypes.MimeTypes()
_TYPES.add_type("font/woff2", ".woff2")
_TYPES.add_type("application/manifest+json", ".webmanifest")


class Content(NamedTuple):
    """What is answered to whoever asks for one thing.

    Args:
        body: as it is.
        media_type: what it is.
        tag: names these bytes.
        packed: the body compressed by gzip; None where that would not make it smaller.
    """

    body: bytes
    media_type: str
    tag: str
    packed: bytes | None


@lru_cache(maxsize=64)
def content_of(body: bytes, media_type: str) -> Content:
    """The content with a body and a type, compressed once for all who ask for the same."""
    is_text = media_type.startswith("text/") or media_type in _TEXTS
    packed = gzip.compress(body, mtime=0) if is_text else body
    return Content(body, media_type, sha256(body).hexdigest()[:32], packed if len(packed) < len(body) else None)


def answer_with(content: Content, request: Request, cache_control: str) -> Response:
    """The answer to a GET: compressed for who takes that, and 304 without a body for who has it already.

    The two forms have tags of their own, as strong tags must: a cache never mixes bytes of one with those of the other.
    """
    is_packed = content.packed is not None and _takes_gzip(request.header("accept-encoding"))
    headers = {"ETag": f'"{content.tag}-gzip"' if is_packed else f'"{content.tag}"', "Cache-Control": cache_control}
    if content.packed is not None:
        headers["Vary"] = "Accept-Encoding"
    if is_named(request.header("if-none-match"), headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    return Response(content.packed if is_packed else content.body, media_type=content.media_type, headers=headers)


class BuiltFiles:
    """The files of a folder, each read when it is first asked for and again when it has changed.

    Args:
        directory: the folder; nothing outside of it is found, whatever the name.
    """

    def __init__(self, directory: Path) -> None:
        self._files = StaticFiles(directory=directory, check_dir=False)
        self._known: dict[str, tuple[tuple[int, int], Content]] = {}

    def find(self, name: str) -> Content | None:
        """The content of a file; None where there is none of that name."""
        try:
            path, found = self._files.lookup_path(name)
            if found is None or not stat.S_ISREG(found.st_mode):
                return None
            state = found.st_mtime_ns, found.st_size
            known = self._known.get(path)
            if known is None or known[0] != state:
                media_type = _TYPES.guess_type(path)[0] or "application/octet-stream"
                known = self._known[path] = state, content_of(Path(path).read_bytes(), media_type)
        except (OSError, ValueError):  # taken away meanwhile, or no name that a file can have
            return None
        return known[1]


def _takes_gzip(headers: list[str]) -> bool:
    """Whether an Accept-Encoding names gzip, and not with a weight of nothing."""
    for coding in ",".join(headers).lower().split(","):
        name, _, weight = (part.strip() for part in coding.partition(";"))
        if name == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
