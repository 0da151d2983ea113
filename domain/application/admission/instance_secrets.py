"""The instance's secrets: each made the first time it is asked for, by whoever comes first."""

from domain.model.admission.instance import SIGNING, make_secret
from domain.model.kernel.errors import ContentionError
from domain.port.out.records import Insert, RecordReader, SecretKey, UnitOfWork


class InstanceSecrets:
    """Finds secrets, and remembers those it has found: they never change while a process lives.

    Args:
        records: where they are read.
        unit_of_work: where they are kept.
    """

    def __init__(self, records: RecordReader, unit_of_work: UnitOfWork) -> None:
        self._records = records
        self._unit_of_work = unit_of_work
        self._known: dict[str, str] = {}

    async def signing(self) -> str:
        """The secret that signs sessions and invitations.

        Raises:
            ContentionError: it could not be kept.
        """
        if SIGNING not in self._known:
            self._known[SIGNING] = await self._find(SIGNING) or await self._make(SIGNING)
        return self._known[SIGNING]

    async def _find(self, name: str) -> str | None:
        secret = (await self._records.read(SecretKey(name))).get(SecretKey(name))
        return secret.value if secret else None

    async def _make(self, name: str) -> str:
        """Keep a new one, unless another process was faster: what is stored then is the one, whatever came of ours."""
        await self._unit_of_work.commit([Insert(make_secret(name))])
        kept = await self._find(name)
        if kept is None:
            raise ContentionError
        return kept
