"""The pages in their bucket are what `hunch serve` serves: the same files, the same config.json, the same headers."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from functions.embedded.page import OidcClient, Page, SignInWays
from functions.embedded.security_headers import SecureAnswers, security_headers
from infra.pages import config_of, upload
from tests.infra.conftest import Json, Template

ISSUER, CLIENT = "https://issuer.example/tenant", "hunch-page"
OUTPUTS = {"Issuer": ISSUER, "Audience": CLIENT, "PagesBucket": "pages"}
FILES = {
    "index.html": "<!doctype html>",
    "icon.svg": "<svg/>",
    "assets/index-4f2a.js": "export {}",
    "assets/i.woff2": "f",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built page."""
    folder = tmp_path_factory.mktemp("dist")
    (folder / "assets").mkdir()
    for name, content in FILES.items():
        (folder / name).write_text(content)
    return folder


class Bucket:
    """A bucket that takes down what it is given, in order."""

    def __init__(self) -> None:
        self.objects: dict[str, Any] = {}

    def put_object(self, **given: Any) -> None:
        """Take one object."""
        assert given["Bucket"] == "pages"
        self.objects[given["Key"]] = given


def served(built: Path, path: str) -> httpx.Response:
    """What `hunch serve` answers."""
    nothing: Any = None  # where the page has no answer; there are none of that kind

    async def get() -> httpx.Response:
        page = Page(nothing, built, SignInWays(invitations=True, oidc=OidcClient(ISSUER, CLIENT)))
        app: Any = SecureAnswers(page, security_headers(ISSUER))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://hunch.example") as http:
            return await http.get(path)

    return asyncio.run(get())


def test_an_upload_is_what_is_served(built: Path) -> None:
    """Each file with the same content and the same time to be kept; the page itself comes last."""
    bucket = Bucket()
    assert upload(bucket, OUTPUTS, built) == len(FILES) + 1
    assert list(bucket.objects)[-1] == "index.html"
    assert bucket.objects.keys() == FILES.keys() | {"config.json"}
    for key, stored in bucket.objects.items():
        answer = served(built, f"/{key}")
        assert stored["CacheControl"] == answer.headers["Cache-Control"]
        if key != "config.json":
            assert stored["Body"] == answer.content
    types = {key: stored["ContentType"] for key, stored in bucket.objects.items()}
    assert types == {
        "index.html": "text/html",
        "icon.svg": "image/svg+xml",
        "config.json": "application/json",
        "assets/index-4f2a.js": "text/javascript",
        "assets/i.woff2": "font/woff2",
    }


def test_the_page_is_told_the_same_everywhere(built: Path) -> None:
    """By a server, by the stack, and by an upload; the first of several audiences is the page's."""
    assert config_of(ISSUER, CLIENT) == served(built, "/config.json").json()
    bucket = Bucket()
    upload(bucket, OUTPUTS, built)
    assert json.loads(bucket.objects["config.json"]["Body"]) == config_of(ISSUER, CLIENT)
    assert config_of(ISSUER, f"{CLIENT} program") == config_of(ISSUER, CLIENT)


def test_the_stack_uploads_assets_for_ever_and_the_rest_for_now(template: Template) -> None:
    """Assets come first and stay, for those who have an older page open; what is asked for again replaces what was."""
    uploads = template.of_type("Custom::CDKBucketDeployment")
    (assets,) = (upload for upload in uploads.values() if upload.get("Include"))
    (rest,) = (upload for upload in uploads.values() if not upload.get("Include"))
    assert (assets["Exclude"], assets["Include"], assets["Prune"]) == (["*"], ["assets/*"], False)
    assert assets["SystemMetadata"] == {"cache-control": "public, max-age=31536000, immutable"}
    assert (rest["Exclude"], rest["Prune"], rest["SystemMetadata"]) == (
        ["assets/*"],
        True,
        {"cache-control": "no-cache"},
    )
    assert rest["DistributionId"]
    (id_,) = (id_ for id_, upload in uploads.items() if upload is rest)
    first = template.document["Resources"][id_]["DependsOn"]
    assert any(other in first for other, upload in uploads.items() if upload is assets)


def test_browsers_hold_the_pages_to_the_same(built: Path, template: Template) -> None:
    """Whoever serves them; only whom they may talk to is known better where the issuer is Amazon's."""
    (policy,) = template.of_type("AWS::CloudFront::ResponseHeadersPolicy").values()
    security = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    here = served(built, "/").headers
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == here["Referrer-Policy"]
    assert security["ContentTypeOptions"] == {"Override": True}
    custom = policy["ResponseHeadersPolicyConfig"]["CustomHeadersConfig"]["Items"]
    assert {item["Header"]: item["Value"] for item in custom} == {
        "Cross-Origin-Opener-Policy": here["Cross-Origin-Opener-Policy"]
    }
    deployed = _directives(security["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    wanted = _directives(here["Content-Security-Policy"])
    assert deployed.pop("connect-src").startswith("'self' https://cognito-idp.")
    assert wanted.pop("connect-src").startswith("'self' https:")
    assert deployed == wanted


def _directives(policy: Json | str) -> dict[str, str]:
    """What a policy says about each kind of content."""
    text = (
        policy
        if isinstance(policy, str)
        else "".join(part if isinstance(part, str) else "region" for part in policy["Fn::Join"][1])
    )
    return dict(directive.split(" ", 1) for directive in text.split("; "))
