"""The instance's secrets: each made the first time it is asked for, by whoever comes first."""

from datetime import datetime

from domain.model.admission.instance import SIGNING, InstanceSecret, make_secret
from domain.model.kernel.record import key_for
from domain.port.out.store import Decision, Insert, Outcome, Store, View


class InstanceSecrets:
    """Finds secrets, and remembers those it has found: they never change while a process lives.

    Args:
        store: where they are kept.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, str] = {}

    async def signing(self) -> str:
        """The secret that signs sessions and invitations.

        Raises:
            ContentionError: it could not be kept.
        """
        if SIGNING not in self._known:
            self._known[SIGNING] = await self._keep(SIGNING)
        return self._known[SIGNING]

    async def _keep(self, name: str) -> str:
        """The secret that is stored, by now at the latest: whoever comes first makes it."""
        key, candidate = key_for(InstanceSecret, name), make_secret(name)

        def decide(view: View, _: datetime) -> Decision[str]:
            stored = view.get(key)
            return Outcome(stored.value) if stored else Outcome(candidate.value, (Insert(candidate),))

        return await self._store.transact([key], decide)
