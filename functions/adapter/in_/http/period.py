"""The period of a record, as a parameter."""

from typing import Annotated

from pydantic import Field

from domain.model.record.track_record import ALL

Period = Annotated[
    str,
    Field(
        pattern=r"^(all|[0-9]{4}|[0-9]{4}-(0[1-9]|1[0-2]))$",
        description="`all`, a year such as `2026`, or a month such as `2026-11`, of `resolved_at` in UTC.",
        examples=["2026-11"],
    ),
]
DEFAULT_PERIOD = ALL
