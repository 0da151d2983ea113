"""Keys, invitations and secrets as rows."""

from operator import attrgetter
from typing import Any

from domain.model.admission.api_key import ApiKey
from domain.model.admission.forgetting import Forgetting
from domain.model.admission.instance import InstanceSecret
from domain.model.admission.invitation import Invitation
from domain.model.admission.sign_in_link import SignInLinks
from domain.model.kernel.record import Key
from functions.adapter.out.sqlite.layout.table import Table


def _load_secret(key: Key[InstanceSecret], row: tuple[Any, ...]) -> InstanceSecret:
    return InstanceSecret(str(key.values[0]), row[0])


TABLES = (
    Table(ApiKey, "api_keys", ("account", "id")),
    Table(Invitation, "invitations", ("id",), {"used": attrgetter("used"), "count": attrgetter("count")}),
    Table(Forgetting, "forgettings", ("account",)),
    Table(SignInLinks, "sign_in_links", ("account",)),
    Table(InstanceSecret, "instance", ("name",), content={"value": attrgetter("value")}, load=_load_secret),
)
