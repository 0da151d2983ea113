"""The stack as it would be deployed, synthesized once."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from functions.registry import Profile
from infra.app import build
from infra.options import ARCHITECTURES, Options

type Json = dict[str, Any]


@dataclass(frozen=True)
class Template:
    """What CloudFormation would be given.

    Args:
        path: of its file.
        document: its content.
    """

    path: Path
    document: Json

    def of_type(self, kind: str) -> Mapping[str, Json]:
        """The properties of the resources of a type, by their logical ids."""
        return {
            id_: resource.get("Properties", {})
            for id_, resource in self.document["Resources"].items()
            if resource["Type"] == kind
        }

    def functions(self) -> Mapping[str, tuple[str, Json]]:
        """The logical id and the properties of each function of the registry, by its name there."""
        return {
            properties["FunctionName"].removeprefix("hunch-"): (id_, properties)
            for id_, properties in self.of_type("AWS::Lambda::Function").items()
            if "FunctionName" in properties
        }


def synthesize(folder: Path, **options: Any) -> Template:
    """Synthesize the stack, over bundles and pages that only have the names of real ones.

    Raises:
        RuntimeError: a rule of cdk-nag is broken, and not acknowledged.
    """
    bundles, pages = folder / "bundles", folder / "pages"
    for made in (bundles, pages):
        made.mkdir(parents=True)
    (pages / "index.html").write_text("Hunch")
    for profile in Profile:
        for architecture in ARCHITECTURES:
            with zipfile.ZipFile(bundles / f"{profile.value}-{architecture}.zip", "w") as archive:
                archive.writestr(zipfile.ZipInfo(profile.value), architecture)
    context = json.loads((Path(__file__).parents[2] / "cdk.json").read_text())["context"]
    app = cdk.App(outdir=str(folder / "cdk.out"), context=context, analytics_reporting=False)
    build(app, Options(bundles=bundles, pages=pages, **options))
    path = Path(app.synth().directory) / "hunch.template.json"
    return Template(path, json.loads(path.read_text()))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """What an account would be given by default."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
        patch.setenv("JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION", "1")
        yield synthesize(tmp_path_factory.mktemp("stack"))


@pytest.fixture(scope="session")
def other(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Everything set to what it is not by default. It comes after the first, in whose environment it is made."""
    return synthesize(
        tmp_path_factory.mktemp("other"),
        architecture="x86_64",
        domain="hunch.example",
        certificate="arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000",
        private_reads=True,
        creators_only=True,
        resolve_open="admin",
        appeal_minutes=1440,
        manifold=False,
        metaculus=False,
        log_retention_days=7,
        starting_grant="500",
        oidc_issuer="https://issuer.example/tenant",
        oidc_audience="hunch",
        oidc_roles_claim="roles",
        oidc_admin_group="staff",
        oidc_creator_group="authors",
        requests_per_minute=60,
        waf=True,
        protect=True,
        hsts_subdomains=True,
        monthly_budget=0,
        push="appsync",
        dashboard=True,
    )


LEDGER_STREAM = "arn:aws:dynamodb:eu-west-1:123456789012:table/ledger-restored/stream/2026-11-27T07:00:00.000"


@pytest.fixture(scope="session")
def adopted(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Over tables that were there, with hints, with snapshots and with mail of one's own."""
    return synthesize(
        tmp_path_factory.mktemp("adopted"),
        core_table="core-restored",
        ledger_table="ledger-restored",
        ledger_stream=LEDGER_STREAM,
        push="appsync",
        snap_start=True,
        mail_from="hunch@example.org",
    )
