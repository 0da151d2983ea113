from domain.application.instance.get_health import GetHealth, GetHealthRequest, GetHealthResult


async def test_health_names_the_release() -> None:
    """It answers with the release that it was made for, and needs nothing else."""
    assert await GetHealth("1.2.3").execute(GetHealthRequest()) == GetHealthResult("1.2.3")
