"""Commands of docs/runbook.md, run as they stand there."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.e2e.deployment import ROOT, STEP_SECONDS, Deployment

_BLOCK = r"```sh\n(.*?)```"


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    output: str


def commands_of(item: str) -> list[str]:
    """The commands of the first block after these words, a line each, without what the runbook says beside them."""
    text = (ROOT / "docs" / "runbook.md").read_text()
    _, found, rest = text.partition(f"**{item}**")
    assert found, f"the runbook has no {item!r}"
    block = re.search(_BLOCK, rest, re.DOTALL)
    assert block
    return [line.strip().partition("  #")[0] for line in block[1].splitlines() if line.strip()]


def run(deployment: Deployment, command: str, **variables: str) -> Ended:
    """Run a command of the runbook by the shell, where the repository is, against the local endpoint.

    ``aws`` is tests/e2e/aws.py, and ``make`` prints what it is told: the test deploys by itself, with the options of
    a local endpoint.
    """
    _write_programs(deployment.folder / "programs")
    done = subprocess.run(  # noqa: S603 -- all of its words are the repository's
        ["/bin/bash", "-euo", "pipefail", "-c", command],
        cwd=ROOT,
        env={**_environment(deployment), **variables},
        capture_output=True,
        text=True,
        timeout=STEP_SECONDS,
        check=False,
    )
    return Ended(done.returncode, done.stdout + done.stderr)


def _environment(deployment: Deployment) -> Mapping[str, str]:
    path = os.pathsep.join((str(deployment.folder / "programs"), deployment.variables["PATH"]))
    return {**deployment.variables, "AWS_DEFAULT_REGION": deployment.variables["AWS_REGION"], "PATH": path}


def _write_programs(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, script in (
        ("aws", f'exec "{sys.executable}" -m tests.e2e.aws "$@"'),
        ("make", """printf '%s\\n' "$@" """),
    ):
        program = folder / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
