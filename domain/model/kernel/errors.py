"""Every way a request can be refused, each with the stable code that clients see."""

from enum import Enum
from typing import ClassVar


class ErrorCategory(Enum):
    """The kind of refusal; the HTTP side maps it to a status."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not found"
    CONFLICT = "conflict"
    UNPROCESSABLE = "unprocessable"
    CONTENTION = "contention"
    TOO_MANY = "too many"


class DomainError(Exception):
    """A refusal that changed nothing. The message tells a person what to do next."""

    code: ClassVar[str]
    title: ClassVar[str]
    category: ClassVar[ErrorCategory]


class RememberedRefusalError(DomainError):
    """What an earlier request with the same key was refused for: that answer stands."""

    def __init__(self, code: str, title: str, category: ErrorCategory, detail: str) -> None:
        super().__init__(detail)
        self.__dict__.update(code=code, title=title, category=category)  # what the others say for their class


class InvalidFieldError(DomainError):
    """One part of the request is outside its values, as only the domain can tell; ``field`` names the part."""

    code = "validation-failed"
    title = "Validation Failed"
    category = ErrorCategory.INVALID
    field: ClassVar[str]


class PastExpiryError(InvalidFieldError):
    """What is to expire in the past."""

    field = "expires_at"

    def __init__(self) -> None:
        super().__init__("must be in the future")


class LateExpiryError(InvalidFieldError):
    """What would expire later than it may."""

    field = "expires_at"


class HiddenCharactersError(InvalidFieldError):
    """An outcome's name has characters that nobody sees, or that turn the direction of others."""

    field = "outcomes"

    def __init__(self) -> None:
        super().__init__("must not contain control, zero-width or bidirectional characters")


class UnknownOutcomeError(InvalidFieldError):
    """A list is asked for an outcome that the market does not have."""

    field = "outcome"

    def __init__(self, outcomes: tuple[str, ...]) -> None:
        super().__init__(f"must be one of the market's outcomes: {', '.join(outcomes)}")


class BadCredentialError(DomainError):
    """There is a credential, and it proves nothing."""

    code = "unauthenticated"
    title = "Not Signed In"
    category = ErrorCategory.UNAUTHENTICATED


class ForbiddenError(DomainError):
    """The caller is known, but may not do this."""

    code = "forbidden"
    title = "Not Allowed"
    category = ErrorCategory.FORBIDDEN


class MarketNotFoundError(DomainError):
    """No market has this slug, or it is a draft the caller may not see."""

    code = "market-not-found"
    title = "Market Not Found"
    category = ErrorCategory.NOT_FOUND

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no market {slug!r}. GET /v1/markets lists the markets there are.")


class AccountNotFoundError(DomainError):
    """The account has not been opened."""

    code = "account-not-found"
    title = "Account Not Found"
    category = ErrorCategory.NOT_FOUND

    def __init__(self, account: str) -> None:
        super().__init__(f"The account {account!r} has not been opened. Its owner opens it with POST /v1/accounts.")


class OrderNotFoundError(DomainError):
    """The caller placed no order with this id."""

    code = "order-not-found"
    title = "Order Not Found"
    category = ErrorCategory.NOT_FOUND

    def __init__(self, order: str) -> None:
        super().__init__(f"You have placed no order {order!r}.")


class CommentNotFoundError(DomainError):
    """The market has no comment with this id, or it is deleted."""

    code = "comment-not-found"
    title = "Comment Not Found"
    category = ErrorCategory.NOT_FOUND

    def __init__(self, comment: str) -> None:
        super().__init__(f"The market has no comment {comment!r}. It may have been deleted.")


class WebhookNotFoundError(DomainError):
    """The caller has no webhook with this id."""

    code = "webhook-not-found"
    title = "Webhook Not Found"
    category = ErrorCategory.NOT_FOUND

    def __init__(self, webhook: str) -> None:
        super().__init__(f"You have no webhook {webhook!r}. GET /v1/webhooks lists yours.")


class NotFoundError(DomainError):
    """The caller has no such thing; whether somebody else has is not told."""

    code = "not-found"
    title = "Not Found"
    category = ErrorCategory.NOT_FOUND


class SlugTakenError(DomainError):
    """Another market already has this slug."""

    code = "slug-taken"
    title = "Slug Taken"
    category = ErrorCategory.CONFLICT

    def __init__(self, slug: str) -> None:
        super().__init__(f"The slug {slug!r} belongs to another market. Choose another one.")


class MarketAlreadyPublishedError(DomainError):
    """The market has left DRAFT, or is open already."""

    code = "already-published"
    title = "Already Published"
    category = ErrorCategory.CONFLICT


class MarketNotOpenError(DomainError):
    """The market is not open: not yet published, or closed."""

    code = "market-not-open"
    title = "Market Not Open"
    category = ErrorCategory.CONFLICT


class AlreadyResolvedError(DomainError):
    """The market's outcome has been decided."""

    code = "already-resolved"
    title = "Already Resolved"
    category = ErrorCategory.CONFLICT


class PriceLimitExceededError(DomainError):
    """The order cannot be filled within its limit price, or the book is at another version."""

    code = "price-limit-exceeded"
    title = "Price Limit Exceeded"
    category = ErrorCategory.CONFLICT


class InvalidMarketError(DomainError):
    """The market's definition contradicts itself or the clock."""

    code = "invalid-market"
    title = "Invalid Market"
    category = ErrorCategory.UNPROCESSABLE


class InvalidOrderError(DomainError):
    """The order does not fit the market or the account."""

    code = "invalid-order"
    title = "Invalid Order"
    category = ErrorCategory.UNPROCESSABLE


class InvalidResolutionError(DomainError):
    """The payouts do not fit the market's outcomes, or do not sum to one."""

    code = "invalid-resolution"
    title = "Invalid Resolution"
    category = ErrorCategory.UNPROCESSABLE


class InvalidWebhookError(DomainError):
    """The webhook may not be: its address may not be called, or the account has too many."""

    code = "invalid-webhook"
    title = "Invalid Webhook"
    category = ErrorCategory.UNPROCESSABLE


class InsufficientFundsError(DomainError):
    """The account's balance does not cover the amount."""

    code = "insufficient-funds"
    title = "Insufficient Funds"
    category = ErrorCategory.UNPROCESSABLE


class InsufficientSharesError(DomainError):
    """More shares would be sold than there are."""

    code = "insufficient-shares"
    title = "Insufficient Shares"
    category = ErrorCategory.UNPROCESSABLE


class BalanceLimitExceededError(DomainError):
    """The account's balance would exceed the largest one allowed."""

    code = "balance-limit-exceeded"
    title = "Balance Limit Exceeded"
    category = ErrorCategory.UNPROCESSABLE


class LimitExceededError(DomainError):
    """The account has as many of something as it may have."""

    code = "limit-exceeded"
    title = "Limit Exceeded"
    category = ErrorCategory.UNPROCESSABLE


class TooManyRequestsError(DomainError):
    """The account does this too often."""

    code = "too-many-requests"
    title = "Too Many Requests"
    category = ErrorCategory.TOO_MANY

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"This account does this too often. Go on in {retry_after_seconds} s.")
        self.retry_after_seconds = retry_after_seconds


class IdempotencyKeyReusedError(DomainError):
    """The idempotency key already belongs to another request of this account."""

    code = "idempotency-key-reused"
    title = "Idempotency Key Reused"
    category = ErrorCategory.UNPROCESSABLE

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request. Send a new key with a new request.")


class ContentionError(DomainError):
    """Others were faster every time, or the outcome of a write is not known. Repeating with the same key is safe."""

    code = "contention"
    title = "Busy"
    category = ErrorCategory.CONTENTION
    retry_after_seconds: ClassVar[int] = 1

    def __init__(
        self,
        message: str = "Many requests met here at once. Repeat this one with the same Idempotency-Key: that is safe.",
    ) -> None:
        super().__init__(message)


class DegradedError(ContentionError):
    """Nothing can be written at the moment, whoever asks: a full disk, a locked file. Repeating it later is safe."""

    code = "degraded"
    title = "Writes Fail"
    retry_after_seconds: ClassVar[int] = 5

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"Nothing can be saved at the moment: {reason}. Reads go on. Repeat this later, with the same "
            "Idempotency-Key if it has one: that is safe."
        )
