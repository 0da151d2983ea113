"""The pages as they lie in the bucket: what they are told of signing in, and how long browsers may keep which file.

On AWS the stack uploads them itself (infra/constructs/site.py). No local endpoint has CDK's helper for that, so there
``python -m infra.pages <file>`` does the same, after ``cdk deploy --outputs-file <file>``.
"""

import argparse
import json
import mimetypes
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import boto3

from infra.options import Options

CONFIG = "config.json"
INDEX = "index.html"
ASSETS = "assets/"
"""The folder of what has a hash in its name."""
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATED = "no-cache"
_TYPES = mimetypes.MimeTypes()
_TYPES.add_type("font/woff2", ".woff2")


class Store(Protocol):
    """What of a client of S3 is needed."""

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, CacheControl: str, ContentType: str) -> object:  # noqa: N803 -- S3's names
        """Store one object."""


def config_of(issuer: str, audience: str, push: Mapping[str, str] | None = None) -> Mapping[str, object]:
    """What config.json tells the page (functions/embedded/page.py does too): how people sign in, and where hints are.

    Args:
        issuer: whose tokens count.
        audience: whom they are for; the first of several is what the issuer calls the page.
        push: where pages listen for hints (infra/constructs/push.py); None where there are none.
    """
    oidc = {"issuer": issuer, "client_id": audience.split(maxsplit=1)[0]}
    ways = {"developer": False, "invitations": True, "oidc": oidc}
    return {"sign_in": ways} if push is None else {"sign_in": ways, "push": push}


def upload(store: Store, outputs: Mapping[str, str], folder: Path) -> int:
    """Put the built page into its bucket, and beside it how people sign in.

    The page itself comes last, so that it never names a file that is not there yet.

    Args:
        store: a client of S3.
        outputs: the stack's.
        folder: of the built page.

    Returns:
        How many files there are.
    """
    bodies = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    bodies[CONFIG] = json.dumps(config_of(outputs["Issuer"], outputs["Audience"])).encode()
    for key in sorted(bodies, key=lambda key: (key == INDEX, key)):
        store.put_object(
            Bucket=outputs["PagesBucket"],
            Key=key,
            Body=bodies[key],
            CacheControl=IMMUTABLE if key.startswith(ASSETS) else REVALIDATED,
            ContentType=_TYPES.guess_type(key)[0] or "application/octet-stream",
        )
    return len(bodies)


def main() -> None:
    """Upload what `make web` has built, into the bucket of the stack that has just been deployed."""
    parser = argparse.ArgumentParser(prog="python -m infra.pages", description="Upload the pages.")
    parser.add_argument("outputs", type=Path, help="what `cdk deploy --outputs-file` has written")
    parser.add_argument("--pages", type=Path, default=Options().pages, help="the folder of the built page")
    arguments = parser.parse_args()
    if not (arguments.pages / INDEX).is_file():
        sys.exit(f"{arguments.pages} holds no page: `make web` builds it.")
    (outputs,) = json.loads(arguments.outputs.read_text()).values()
    connect: Any = boto3.client  # S3's types are not installed
    number = upload(connect("s3"), outputs, arguments.pages)
    print(f"{number} files are in {outputs['PagesBucket']}.")  # noqa: T201 -- its output


if __name__ == "__main__":
    main()
