"""What this adapter alone keeps, which no use case sees, as items: messages, leases, and how far an index goes."""

from functions.adapter.out.dynamodb.balance_index import BalanceIndex
from functions.adapter.out.dynamodb.layout.item import Fields, ItemKey, Layout
from functions.adapter.out.dynamodb.mailbox.mail import Lease, Mail
from functions.registry.deployed import EXPIRES_AT

LEASE_SORT = "LEASE"
"""Apart from its market: so many look at a lease that a partition of the book could do nothing else."""
_MAIL_LIFE_SECONDS = 86_400


def mailbox_partition(slug: str) -> str:
    """The partition of the messages that wait for a market's book, in the order in which they were sent."""
    return f"Q#{slug}"


def _mail_expiry(mail: Mail) -> Fields:
    """A message that nobody has found goes by itself, long after it may be carried out."""
    return {EXPIRES_AT: mail.deadline // 1000 + _MAIL_LIFE_SECONDS}


LAYOUTS = (
    Layout(Mail, lambda market, place: ItemKey(mailbox_partition(market), place), _mail_expiry),
    Layout(Lease, lambda market: ItemKey(f"{LEASE_SORT}#{market}", LEASE_SORT)),
    Layout(BalanceIndex, lambda: ItemKey("AUDIT", "INDEX")),
)
