"""Keys, invitations and secrets as items."""

from domain.model.admission.api_key import ApiKey
from domain.model.admission.forgetting import Forgetting
from domain.model.admission.instance import InstanceSecret
from domain.model.admission.invitation import Invitation
from domain.model.admission.sign_in_link import SignInLinks
from functions.adapter.out.dynamodb.layout.item import ItemKey, Layout


def api_keys_partition(account: str) -> str:
    """The partition of an account's bot keys alone."""
    return f"B#{account}"


def api_key_place(account: str, id_: str) -> ItemKey:
    """Where a bot key is: among its account's keys, in the order of their ids."""
    return ItemKey(api_keys_partition(account), f"B#{id_}")


def invitation_place(id_: str) -> ItemKey:
    """Where an invitation is: all are in one partition, in the order of their ids; there are few, and rarely used."""
    return ItemKey("INVITATIONS", f"I#{id_}")


LAYOUTS = (
    Layout(ApiKey, api_key_place),
    Layout(Invitation, invitation_place),
    Layout(Forgetting, lambda account: ItemKey(f"A#{account}", "FORGOTTEN")),
    Layout(SignInLinks, lambda account: ItemKey(f"S#{account}", "LINKS")),
    Layout(InstanceSecret, lambda name: ItemKey("INSTANCE", f"X#{name}")),
)
