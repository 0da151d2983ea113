"""Stop every function of a stack, and start them again: ``python -m infra.halt stop|start <name of the stack>``.

A stopped function has no concurrency at all: requests get 503 from the gateway, rings and the stream wait.
"""

import argparse
import sys
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from functions.registry import FUNCTIONS


def stop(functions: Any, name: str) -> None:  # noqa: ANN401 -- boto3 makes its clients' classes itself
    """Let a function run no more; what it is doing it finishes, within thirty seconds."""
    functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)


def start(functions: Any, name: str) -> None:  # noqa: ANN401 -- as above
    """Let a function run again, as often as the account allows."""
    functions.delete_function_concurrency(FunctionName=name)


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m infra.halt", description="Stop or start a stack's functions.")
    parser.add_argument("action", choices=("stop", "start"))
    parser.add_argument("stack", help="the name of the stack")
    given = parser.parse_args()
    change = stop if given.action == "stop" else start
    client = boto3.client("lambda")
    try:
        for function in FUNCTIONS:
            change(client, f"{given.stack}-{function.name}")
    except (ClientError, BotoCoreError) as error:
        sys.exit(f"Not all functions were reached: {error}. It is safe to repeat.")
    print(f"{len(FUNCTIONS)} functions: {given.action}.")  # noqa: T201 -- its output


if __name__ == "__main__":
    main()
