"""What the import linter cannot say: what a single function reaches, and that every ring has the same subdomains."""

import ast
from functools import cache
from pathlib import Path

import grimp
import pytest

from functions.registry import FUNCTION_OF, FUNCTIONS, SUBDOMAINS, SURFACES, Function

ROOT = Path(__file__).parents[2]
SAME_AS = {"welcome_user": "open_account"}
"""Functions that are another's use case, called by something else."""

COMPLETE = {
    "domain/application": {"shared"},
    "functions/config/wiring": set[str](),
    "functions/registry": {"deployed", "triggers"},
}
"""The rings that know every subdomain, and what else is in them."""
PARTIAL = {
    "domain/model": {"kernel"},
    "functions/api": set[str](),
    "functions/events": set[str](),
    "functions/adapter/out/dynamodb/finders": set[str](),
    "functions/adapter/out/dynamodb/layout": {"events", "item", "own"},
    "functions/adapter/out/sqlite/finders": set[str](),
    "functions/adapter/out/sqlite/layout": {"table"},
}
"""The rings that know only those subdomains that have something there, and what else is in them."""


@cache
def graph() -> grimp.ImportGraph:
    """Who imports whom, packages of others included."""
    return grimp.build_graph("domain", "functions", include_external_packages=True, cache_dir=None)


def test_health_reaches_no_database() -> None:
    """It tells of the function and not of the store, so it starts without one."""
    reached = graph().find_upstream_modules(FUNCTION_OF["get_health"].module("handler"))
    assert "functions.adapter.in_.lambda_.http_handler" in reached
    assert not {"boto3", "botocore"} & reached


def test_an_order_reaches_its_own_use_case_alone() -> None:
    """Of the application, the function that must start soonest loads what it does, and what all share."""
    reached = graph().find_upstream_modules(FUNCTION_OF["place_order"].module("handler"))
    files = {name for name in reached if name.startswith("domain.application.") and name.count(".") == 3}
    others = {name for name in files if not name.startswith("domain.application.shared.")}
    assert others == {"domain.application.trading.place_order"}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_handler_reaches_no_other_use_case(function: Function) -> None:
    """Whatever a use case needs, the others' functions start without it."""
    modules = {f"domain.application.{other.subdomain}.{other.name}": other.name for other in FUNCTIONS}
    reached = graph().find_upstream_modules(function.module("handler"))
    own = SAME_AS.get(function.name, function.name)
    over = SURFACES[function.name].over if function.name in SURFACES else {own}
    assert {modules[module] for module in reached & modules.keys()} - {own} == over - {own}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_handler_counts_callers_where_the_registry_says_so(function: Function) -> None:
    """What the stack gives the table of callers to is what writes there, and nothing else loads what does."""
    reached = graph().find_upstream_modules(function.module("handler"))
    assert ("functions.config.rate_limits" in reached) is function.counts_callers


def names_in(ring: str) -> set[str]:
    """The folders and modules of a ring."""
    found = {path.stem for path in (ROOT / ring).glob("*.py")} - {"__init__"}
    return found | {path.name for path in (ROOT / ring).iterdir() if any(path.glob("**/*.py"))}


@pytest.mark.parametrize("ring", COMPLETE)
def test_every_subdomain_is_there(ring: str) -> None:
    """A subdomain has use cases, functions and their wiring, all under its name; a surface is over those of others."""
    surfaces = {FUNCTION_OF[name].subdomain for name in SURFACES}
    others = surfaces if ring == "domain/application" else set[str]()
    assert names_in(ring) - COMPLETE[ring] - others == set(SUBDOMAINS) - others


@pytest.mark.parametrize("ring", PARTIAL)
def test_no_other_subdomain_is_there(ring: str) -> None:
    """What belongs to no subdomain has no place beside them."""
    names = names_in(ring) - PARTIAL[ring]
    assert names
    assert names <= set(SUBDOMAINS)


def test_subdomains_are_named_once() -> None:
    """No two parts of the registry are one subdomain, and no part has another's functions."""
    assert len(set(SUBDOMAINS)) == len(SUBDOMAINS)
    assert {function.subdomain for function in FUNCTIONS} == set(SUBDOMAINS)


ORDER = ("kernel", "trading", "ledger")
"""The parts of the model that others build on; each knows those before it, and none of the rest."""


def neighbours(ring: str) -> set[tuple[str, str]]:
    """Which group of a ring imports which other one directly."""
    depth = ring.count(".") + 1
    pairs = {
        (importer.split(".")[depth], imported.split(".")[depth])
        for importer in graph().modules
        if importer.startswith(f"{ring}.")
        for imported in graph().find_modules_directly_imported_by(importer)
        if imported.startswith(f"{ring}.")
    }
    return {(importer, imported) for importer, imported in pairs if importer != imported}


def test_the_model_builds_on_kernel_trading_and_ledger() -> None:
    """In that order: none of them imports a later one, or what builds on them all."""
    pairs = neighbours("domain.model")
    assert ("trading", "kernel") in pairs
    for importer, imported in pairs:
        if importer in ORDER:
            assert imported in ORDER[: ORDER.index(importer)], f"{importer} imports {imported}"


def test_groups_of_use_cases_do_not_know_one_another() -> None:
    """They import what all share, and no other group."""
    pairs = neighbours("domain.application")
    assert ("trading", "shared") in pairs
    assert {imported for _, imported in pairs} == {"shared"}


def test_packages_say_what_they_export() -> None:
    """A package that has names of its own lists them in ``__all__``; most have none."""
    packages = [path for ring in ("domain", "functions", "infra") for path in (ROOT / ring).rglob("__init__.py")]
    with_names = {path: names for path in packages if (names := top_level_names(path))}
    assert ROOT / "functions/registry/__init__.py" in with_names
    assert {path for path, names in with_names.items() if "__all__" not in names} == set()


def top_level_names(path: Path) -> set[str]:
    """What a module assigns, defines and imports."""
    found = set[str]()
    for statement in ast.parse(path.read_text()).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {alias.asname or alias.name for alias in names}
            case _:
                pass
    return found
