"""Every route, asked by every kind of caller: on one machine."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from functions.registry import HTTP_TRIGGERS
from tests.integration.http.conftest import start
from tests.integration.http.permissions import ELSEWHERE, REMOVES, Stage, check_route, set_stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """The callers, on an instance of their own."""
    path = tmp_path_factory.mktemp("database") / "hunch.db"
    async with start(path, creators_only="true") as api:
        yield await set_stage(api)


@pytest.mark.parametrize("name", [name for name in HTTP_TRIGGERS if name not in ELSEWHERE])
async def test_permissions(stage: Stage, name: str) -> None:
    """Who may do what is what the registry says."""
    await check_route(stage, name, HTTP_TRIGGERS[name])


@pytest.mark.parametrize(
    "name", [name for name, trigger in HTTP_TRIGGERS.items() if "{slug}" in trigger.path and name not in REMOVES]
)
async def test_permissions_on_a_draft(stage: Stage, name: str) -> None:
    """To everybody but its creator and admins, and to keys that may not read for them, it does not exist."""
    await check_route(stage, name, HTTP_TRIGGERS[name], is_draft=True)
