"""A running instance, and what its accounts send to the surfaces for other sites' programs."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.integration.http.client import Api
from tests.integration.http.conftest import start


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def api(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Api]:
    """One server for the tests of a module; they keep out of each other's way by using new names."""
    async with start(tmp_path_factory.mktemp("database") / "hunch.db") as running:
        yield running
