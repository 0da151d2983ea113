"""What tests of all kinds may share."""

import pytest

from tests.fakes.ministack import shared_endpoint


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> str:
    """Where the test run's local AWS answers; it is started when it is first asked for."""
    own = tmp_path_factory.getbasetemp()
    return shared_endpoint(own if worker_id == "master" else own.parent)
