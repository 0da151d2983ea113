"""The registry, the folders and the wiring name the same functions, and each function loads its own things only."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

from functions.registry import FUNCTION_OF, FUNCTIONS, HTTP_TRIGGERS, SURFACES, Fallback, Http, Surface
from tests.integration.lambda_.conftest import VARIABLES

ROOT = Path(__file__).parents[3]
TIMEOUT_SECONDS = 120
HTTP_FUNCTIONS = {function.name for function in FUNCTIONS if isinstance(function.trigger, Http | Surface | Fallback)}
EVENT_FUNCTIONS = {function.name for function in FUNCTIONS} - HTTP_FUNCTIONS
AUTHORIZER = "functions.events.admission.authorize.handler"

# botocore takes its certificates where it finds them; the bundle has none, and botocore brings its own.
IF_PRESENT = {"certifi", "python_multipart"}
SERVER_ONLY = {
    "boto3",
    "uvicorn",
    "click",
    "sqlite3",
    "functions.embedded",
    "functions.adapter.out.sqlite",
}
TEST_ONLY = {"moto", "pytest", "httpx", "hypothesis", "ministack", "tests"}
OF_ALL = {"aws_lambda_powertools", "botocore", "jmespath", "typing_extensions"}
OF_THE_WEB = {"annotated_types", "mangum", "pydantic", "pydantic_core", "typing_inspection"}
OF_NAMES = {"anyascii"}
OF_TOKENS = {"_cffi_backend", "cryptography", "jwt"}
OF_THE_DATABASE = {"dateutil", "msgspec", "six", "urllib3"}


def folders(parent: str) -> set[tuple[str, str]]:
    """The packages inside the packages of a ring of functions, each with its subdomain."""
    found = (ROOT / "functions" / parent).glob("*/*/__init__.py")
    return {(path.parent.parent.name, path.parent.name) for path in found}


def test_names_are_unique() -> None:
    """Each function is in the registry once."""
    assert len({function.name for function in FUNCTIONS}) == len(FUNCTIONS)


def test_registry_is_the_folders() -> None:
    """A function is an entry and a folder with a handler; the HTTP ones with a route."""
    assert folders("api") == {(FUNCTION_OF[name].subdomain, name) for name in HTTP_FUNCTIONS}
    assert folders("events") == {(FUNCTION_OF[name].subdomain, name) for name in EVENT_FUNCTIONS}
    for function in FUNCTIONS:
        for file in ("handler", "route") if function.name in HTTP_TRIGGERS else ("handler",):
            assert (ROOT / f"{function.module(file).replace('.', '/')}.py").is_file()


def test_registry_is_the_wiring() -> None:
    """Each function has its use case; the fallback and the document of them all have none, and two open accounts."""
    found = {(path.parent.name, path.stem) for path in (ROOT / "functions/config/wiring").glob("*/[!_]*.py")}
    names = (HTTP_FUNCTIONS | EVENT_FUNCTIONS) - {"fallback", "get_openapi", "welcome_user"}
    assert found == {(FUNCTION_OF[name].subdomain, name) for name in names}


def distributions_of(lock: str) -> set[str]:
    """The distributions that a lock file names."""
    content = (ROOT / "requirements" / f"{lock}.lock").read_text()
    return set(re.findall(r"^([a-z0-9-]+)==", content, re.MULTILINE))


# What all load first is loaded once, and then each handler: what it loads on top of that, and of those before it.
PROGRAM = """
import importlib, json, sys
first, *handlers = sys.argv[1:]
loaded = set()
for module in (first, *handlers):
    importlib.import_module(module)
    print(json.dumps([module, sorted(sys.modules.keys() - loaded)]))
    loaded |= sys.modules.keys()
"""
CONTAINER = "functions.config.dynamodb"
FALLBACK = "functions.api.instance.fallback.handler"


async def imports_of(first: str, *handlers: str) -> dict[str, set[str]]:
    """The modules that these load, one after the other, in a fresh interpreter where every warning is an error.

    Args:
        first: a module that all of the handlers load.
        handlers: their modules.
    """
    environment = {**VARIABLES, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, first, *handlers),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, errors = await asyncio.wait_for(process.communicate(), TIMEOUT_SECONDS)
    assert process.returncode == 0, errors.decode()
    assert not errors, errors.decode()
    return {module: set(loaded) for module, loaded in map(json.loads, out.splitlines())}


def check_handlers(
    imports: dict[str, set[str]], handlers: Sequence[str], expected: set[str], bundled: set[str]
) -> None:
    """Each handler loads exactly these packages, all of them in the bundle, its own folder and nothing of the server's.

    The first handler may load packages, and the others none: then all that any of them has are the first one's. That
    none loads another's folder, which is there already, is a contract of the import linter.
    """
    assert imports.keys() >= set(handlers)
    assert not set().union(*imports.values()) & (SERVER_ONLY | TEST_ONLY)
    distributions = packages_distributions()
    packages = {module: {name for name in loaded if name in distributions} for module, loaded in imports.items()}
    for handler in handlers:
        own = {module for module in imports[handler] if re.fullmatch(r"functions\.(api|events)\.\w+\.\w+", module)}
        assert own == {handler.removesuffix(".handler")}
        assert handler == handlers[0] or not packages[handler]
    loaded = set().union(*packages.values()) - {"domain", "functions"} - IF_PRESENT
    assert loaded == expected
    needed = {canonical(distribution) for package in loaded for distribution in distributions[package]}
    assert needed <= bundled


async def test_http_functions_load_what_serves_http_and_the_database() -> None:
    """Each of them, in the packages recorded here."""
    handlers = [FUNCTION_OF[name].module("handler") for name in sorted(HTTP_FUNCTIONS - {"fallback"})]
    imports = await imports_of(CONTAINER, *handlers)
    check_handlers(imports, handlers, OF_ALL | OF_THE_WEB | OF_THE_DATABASE | OF_NAMES, distributions_of("api"))


async def test_the_fallback_loads_no_database() -> None:
    """It has no permission for one, so it may not ask for one."""
    imports = await imports_of(FALLBACK)
    check_handlers(imports, [FALLBACK], OF_ALL | OF_THE_WEB, distributions_of("api"))
    assert not {module for module in imports[FALLBACK] if module.startswith("functions.config")}


async def test_event_functions_load_nothing_that_serves_http() -> None:
    """Neither Mangum nor what validates requests."""
    handlers = [FUNCTION_OF[name].module("handler") for name in sorted(EVENT_FUNCTIONS)]
    handlers.remove(AUTHORIZER)
    imports = await imports_of(CONTAINER, *handlers)
    check_handlers(imports, handlers, OF_ALL | OF_THE_DATABASE, distributions_of("event"))
    assert not {name for loaded in imports.values() for name in loaded if name.startswith("functions.adapter.in_.http")}


async def test_the_authorizer_loads_what_verifies_tokens() -> None:
    """Besides what every event function does, and no other function does."""
    imports = await imports_of(CONTAINER, AUTHORIZER)
    check_handlers(imports, [AUTHORIZER], OF_ALL | OF_THE_DATABASE | OF_TOKENS, distributions_of("authorizer"))
    assert not {name for loaded in imports.values() for name in loaded if name.startswith("functions.adapter.in_.http")}


def canonical(distribution: str) -> str:
    """A distribution's name as a lock file has it."""
    return distribution.lower().replace("_", "-")


def test_the_triggers_are_the_http_functions() -> None:
    """The fallback is none of those that the embedded server serves, and surfaces are applications of their own."""
    assert set(HTTP_TRIGGERS) == HTTP_FUNCTIONS - SURFACES.keys() - {"fallback"}
    triggers: list[Any] = [function.trigger for function in FUNCTIONS]
    assert triggers.count(Fallback()) == 1
