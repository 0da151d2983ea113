import pytest

from functions.config.settings import LOOPBACK_NAMES, InvalidSettingError, Settings
from functions.embedded.commands.serve import _names


def test_who_resolves_open_markets() -> None:
    """Their creators, unless it is set to admins; anything else is refused by name."""
    given = {text: Settings.from_environment({"HUNCH_RESOLVE_OPEN": text}) for text in ("", "creator", "admin")}
    assert [settings.admins_resolve_open for settings in given.values()] == [False, False, True]
    with pytest.raises(InvalidSettingError, match="HUNCH_RESOLVE_OPEN takes creator or admin, not 'nobody'"):
        Settings.from_environment({"HUNCH_RESOLVE_OPEN": "nobody"})


@pytest.mark.parametrize("text", ["proxy.example", "10.0.0.1/8", "10.0.0.256", "10.0.0.0/33"])
def test_what_is_no_address_of_a_proxy(text: str) -> None:
    """A network with host bits is a slip of the pen: nobody can tell which of the two was meant."""
    with pytest.raises(InvalidSettingError, match="HUNCH_TRUSTED_PROXIES"):
        Settings.from_environment({"HUNCH_TRUSTED_PROXIES": text})


def test_further_names_of_a_machine() -> None:
    """As many as there are; they make it reachable, on loopback too, so that people have to be told apart."""
    settings = Settings.from_environment({"HUNCH_HOSTS": "Hunch.local  school.lan pi"})
    assert settings.hosts == {"hunch.local", "school.lan", "pi"}
    assert _names("127.0.0.1", settings) == LOOPBACK_NAMES | settings.hosts
    assert _names("192.168.1.5", settings) == LOOPBACK_NAMES | settings.hosts | {"192.168.1.5"}


@pytest.mark.parametrize("text", ["http://pi", "pi:8000", "a/b", "*", "-a", "a..b", "é"])
def test_what_is_no_name(text: str) -> None:
    """Names alone, without scheme, port and pattern."""
    with pytest.raises(InvalidSettingError, match="HUNCH_HOSTS"):
        Settings.from_environment({"HUNCH_HOSTS": f"good.example {text}"})
