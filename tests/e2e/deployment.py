"""The stack deployed into a local AWS by the real command line of CDK."""

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.fakes.ministack import Ministack

ROOT = Path(__file__).parents[2]
NETWORK = Path(__file__).parent / "network"
REGION, ACCOUNT = "eu-west-1", "000000000000"
STACK = "hunch"
STEP_SECONDS = 600
"""What takes longer hangs. Each takes seconds, and a minute where others want the processors too."""
PAUSE_SECONDS = 0.2
ARCHITECTURE = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}[platform.machine()]


@dataclass
class Deployment:
    """One deployment, and the steps of its life.

    Args:
        aws: the local endpoint.
        folder: for what the command line leaves behind.
        outputs: of the stack, once it is deployed.
        name: of the stack.
        options: those of ``cdk.json`` that are not as they are there.
    """

    aws: Ministack
    folder: Path
    outputs: Mapping[str, str] = field(default_factory=dict)
    name: str = STACK
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def outputs_file(self) -> Path:
        """Where the command line writes the outputs."""
        return self.folder / "outputs.json"

    @cached_property
    def variables(self) -> Mapping[str, str]:
        """The environment of the command line: nothing of the caller's but the way to programs."""
        return {
            "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
            "HOME": str(self.folder),
            "CDK_HOME": str(self.folder),
            "CDK_DISABLE_CLI_TELEMETRY": "1",
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20",
            "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION": "1",
            "NODE_NO_WARNINGS": "1",
            "AWS_ENDPOINT_URL": self.aws.endpoint,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": REGION,
        }

    @property
    def assembly(self) -> Path:
        """What was synthesized."""
        return self.folder / "cdk.out"

    @property
    def context(self) -> tuple[str, ...]:
        """The options, as the command line takes them."""
        options = {"local": "true", "architecture": ARCHITECTURE, "name": self.name, **self.options}
        return tuple(word for name, value in options.items() for word in ("-c", f"{name}={value}"))

    def synthesize(self) -> "subprocess.Popen[str]":
        """Start to synthesize; that does not need the endpoint."""
        environment = {**self.variables, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
        words = ("synth", "--quiet", "--output", str(self.assembly), *self.context)
        return _start(*words, cwd=ROOT, environment=environment)

    def bootstrap(self) -> None:
        """Prepare the account, as everybody does once."""
        self._run("bootstrap", f"aws://{ACCOUNT}/{REGION}", cwd=self.folder)

    def preflight(self) -> None:
        """Ask whether something is in the way, as `make deploy` does."""
        self._run_module("infra.preflight", *self.context, cwd=self.folder)

    def deploy(self) -> str:
        """Deploy what was synthesized; what the command line says."""
        output = ("--outputs-file", str(self.outputs_file))
        said = self._run("deploy", "--app", str(self.assembly), "--require-approval", "never", *output)
        self.outputs = json.loads(self.outputs_file.read_text())[self.name]
        return said

    def finish_api(self) -> None:
        """Make what the endpoint leaves out of an import, as whoever deploys into a local endpoint does."""
        self._run_module("infra.local_api", str(self.outputs_file), str(self.assembly))

    def upload_pages(self) -> None:
        """Upload what `make web` has built, as whoever deploys into a local endpoint does."""
        self._run_module("infra.pages", str(self.outputs_file))

    def destroy(self) -> None:
        """Take it all away again.

        The command line names the stack by its ARN, under which the endpoint finds none to delete and says that it is
        done; the command line sees it still there. So it is deleted by its name once more.
        """
        self._empty(self.outputs["PagesBucket"])
        with _start("destroy", "--app", str(self.assembly), "--force", cwd=ROOT, environment=self.variables) as process:
            said, _ = process.communicate(timeout=STEP_SECONDS)
        assert process.returncode, "The endpoint finds stacks by their ARNs now: delete what follows."
        assert "Failed to destroy hunch: CREATE_COMPLETE" in said, said
        deadline = time.monotonic() + STEP_SECONDS
        stacks = self.client("cloudformation")
        stacks.delete_stack(StackName=STACK)
        while STACK in {stack["StackName"] for stack in stacks.describe_stacks()["Stacks"]}:
            assert time.monotonic() < deadline, said
            time.sleep(PAUSE_SECONDS)

    def client(self, service: str) -> Any:
        """A client of the endpoint."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.variables.items():
                if name.startswith("AWS_"):
                    patch.setenv(name, value)
            connect: Any = boto3.client  # which service is not known here
            return connect(service, region_name=REGION)

    def _run_module(self, *words: str, cwd: Path = ROOT) -> None:
        done = subprocess.run(  # noqa: S603 -- all of its words are ours
            [sys.executable, "-m", *words],
            cwd=cwd,
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=STEP_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def _empty(self, bucket: str) -> None:
        store = self.client("s3")
        for item in store.list_objects_v2(Bucket=bucket).get("Contents", []):
            store.delete_object(Bucket=bucket, Key=item["Key"])

    def _run(self, *words: str, cwd: Path = ROOT) -> str:
        return finish(_start(*words, cwd=cwd, environment=self.variables))


def _start(*words: str, cwd: Path, environment: Mapping[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 -- all of its words are ours
        [ROOT / "infra" / "node_modules" / ".bin" / "cdk", "--no-notices", "--no-color", *words],
        cwd=cwd,
        env=environment,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def finish(process: "subprocess.Popen[str]") -> str:
    """What a process says until it ends well."""
    with process:
        try:
            said, _ = process.communicate(timeout=STEP_SECONDS)
        finally:
            process.kill()
    assert process.returncode == 0, said
    return said
