"""The lines of the contract, by the names that tests call them, and how each begins."""

from collections.abc import Mapping

LINES: Mapping[str, str] = {
    "numbers and times": "Credits, shares and prices are decimal strings with exactly six decimals in responses",
    "request bodies": "Unknown fields in a request body are a 400. Body limit 65 536 bytes (413).",
    "names": "Slugs match …; outcome names, `name`, `description`, tags, `reason`, `liquidity`; no balance above 10⁹",
    "lists": "Lists: `?limit=` (1–100, default 20) and `?cursor=` (opaque)",
    "credentials": "`Authorization: Bearer <token>` or `Authorization: Key <bot key>`.",
    "idempotency": "`Idempotency-Key`: required on orders and grants, honoured on every other POST except …",
    "keys that cannot be used": "Same key, other request: 422 idempotency-key-reused. Missing …, malformed …",
    "methods": "HEAD works wherever GET does; OPTIONS is 405. A trailing slash is another route (404).",
    "order of errors": "The first error that applies: route, method, 401, 413, 415, other 400s, 403/404, 409, 422.",
    "headers": "Every answer carries `X-Request-Id`. Market reads and lists carry an ETag; … `Cache-Control` …",
    "own writes": "In embedded mode every read sees every acknowledged write. On AWS quotes, orders, …",
    "problems": "Errors: RFC 9457, `application/problem+json`, always",
    "400": "validation-failed (with `errors`), malformed-json, idempotency-key-required, invalid-cursor",
    "401 / 403": "unauthenticated / forbidden",
    "404": "not-found (unknown route), market-not-found, order-not-found, account-not-found",
    "405 / 413 / 415": "method-not-allowed (with Allow) / body-too-large / unsupported-media-type",
    "409": "slug-taken, already-published, market-not-open, already-resolved, price-limit-exceeded",
    "422": "invalid-market, invalid-order, invalid-resolution, insufficient-funds, insufficient-shares, …",
    "503": "contention, with Retry-After",
    "429": "too-many-requests, with Retry-After",
    "500": '`type` about:blank, title "Internal Server Error", `status`, `instance`; no detail, no code',
    "400 or 422": "400 is what the request shows alone … 422: invalid-market, invalid-order, invalid-resolution",
    "malformed JSON": "malformed-json: not one RFC 8259 text in UTF-8 without BOM, NaN or Infinity, duplicate keys, …",
    "open account": "`POST /v1/accounts` → 201; 200 when it exists already",
    "portfolio": "`GET /v1/portfolio`: one entry per outcome held … Positions leave once settled",
    "journal": "`GET /v1/portfolio/trades`, `GET /v1/portfolio/journal`: every movement of the caller's money",
    "grants": "`POST /v1/accounts/{account}/grants` (admin)",
    "api keys": "`GET/POST /v1/api-keys`, `DELETE /v1/api-keys/{id}`",
    "invitations": "`POST/GET /v1/invitations`, `DELETE /v1/invitations/{id}` (admin), `POST /v1/invitations/accept`",
    "market": "A market: its members, status, prices, shares, volume, subsidy and version",
    "create market": "`POST /v1/markets` → 201 DRAFT, `Location`; from `closes_at` on status reads CLOSED",
    "edit market": "`PATCH /v1/markets/{slug}` (creator, DRAFT only); a draft is hidden on every route",
    "publish market": "`POST /v1/markets/{slug}/publish` → 200 ACTIVE; escrows b ln n",
    "find markets": "`GET /v1/markets?status=&tag=&creator=` · `GET /v1/markets/{slug}`",
    "close and reopen": "`POST /v1/markets/{slug}/close`, `…/reopen` (creator or admin) → 200 market",
    "resolve": "`POST /v1/markets/{slug}/resolve` → 202 SETTLING, RESOLVED once all is paid",
    "void": "`POST /v1/markets/{slug}/void` (admin) → 202 SETTLING, then VOIDED; refunds",
    "conflicts": "Conflicts: orders and quotes unless ACTIVE: market-not-open. publish and PATCH unless DRAFT: …",
    "trades": "`GET /v1/markets/{slug}/trades`",
    "holders": "`…/holders` (`{account,outcome,quantity}`, quantity > 0, in no order)",
    "prices": "`…/prices?interval=1m|1h|1d&from=&to=`",
    "quote": "`POST /v1/markets/{slug}/quotes`: the order that follows at the same version costs exactly that",
    "order": "`POST /v1/markets/{slug}/orders` → 201",
    "limits of orders": "`quantity` is what was asked … `0 < limit_price < 1` binds the unrounded marginal price",
    "funds and version": "Funds are checked against `amount` … Any other `version` than the book's is the 409",
    "read order": "`GET /v1/orders/{id}`: the 201's body unchanged; to others than its owner 404",
    "digests": "A trade: … versions of a market's trades have no gaps; `digest` is …",
    "health": '`GET /v1/health` → `{"status":"ok","version"}`',
    "description": "`GET /v1/openapi.json`",
    "documentation": "`/docs` (embedded)",
    "audit": '`GET /v1/audit` → `{"issued","balances","pools","difference","as_of"}`',
    "rate limits": "Rate limits: on AWS always; in embedded mode a setting, off on loopback",
    "developer sign-in": "Embedded mode on loopback only: `POST /v1/dev/sign-in`",
}

EMBEDDED_LINES = frozenset({"documentation", "developer sign-in", "500"})
"""What is there on the embedded server alone, or, for a bug, is tested on Lambda with its logs (test_observability)."""

COMING: Mapping[str, str] = {
    "api keys": "POST /v1/api-keys",
    "invitations": "POST /v1/invitations",
    "prices": "GET /v1/markets/{slug}/prices",
    "audit": "GET /v1/audit",
}
"""Lines whose functions may not be there yet, and by which endpoint one sees that they are."""

ELSEWHERE = frozenset({"429", "rate limits", "503"})
"""Lines that take many requests a second, or a store that refuses (tests/integration/dynamodb/test_errors.py)."""
