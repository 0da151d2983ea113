"""What goes wrong, as exceptions with a stable code."""

from hunch_client.models import FieldError, Problem


class HunchError(Exception):
    """A request did not succeed.

    Attributes:
        code: the stable name of what happened, such as ``insufficient-funds``.
        key: the idempotency key of a request that may have been carried out although no answer says so: the same
            call with this key is safe. None where it is known that nothing changed.
    """

    def __init__(self, message: str, code: str, key: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.key = key


class ProblemError(HunchError):
    """The instance refused, or failed.

    Attributes:
        status: the HTTP status.
        title: what the code means, in a few words.
        detail: what happened here, for people; None where the instance does not say.
        errors: which members of the request are wrong, for a validation-failed.
    """

    def __init__(self, problem: Problem, key: str | None = None) -> None:
        code = problem.code or "internal-server-error"
        super().__init__(f"{code}: {problem.detail or problem.title}", code, key)
        self.status = problem.status
        self.title = problem.title
        self.detail = problem.detail
        self.errors: tuple[FieldError, ...] = problem.errors or ()


class UnreachableError(HunchError):
    """The instance did not answer, or not as an instance does; its code is ``unreachable``."""

    def __init__(self, message: str, key: str | None = None) -> None:
        super().__init__(message, "unreachable", key)
