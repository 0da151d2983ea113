/** Each code of the API's problems: what it means and what to do, for people. */

export interface Explanation {
  readonly title: string;
  readonly status: number;
  readonly meaning: string;
  readonly remedy: string;
}

function explain(title: string, status: number, meaning: string, remedy: string): Explanation {
  return { title, status, meaning, remedy };
}

export const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  "validation-failed": explain(
    "Something in the request is not right",
    400,
    "A value has the wrong form, length or range, is missing, or is one that the API does not know.",
    "The answer's errors name each place and what it takes. Mend those and send it again.",
  ),
  "malformed-json": explain(
    "The body is not JSON",
    400,
    "The request's body is not one JSON text in UTF-8 that everybody reads alike. Names that occur twice, NaN and lone surrogates are refused too.",
    "Let a JSON library write the body.",
  ),
  "idempotency-key-required": explain(
    "The request needs a key",
    400,
    "Orders and grants move money, so they need an Idempotency-Key: repeated with the same key they are done once.",
    "Send a new random key, such as a UUID, for each thing you mean to do, and the same one when you repeat it.",
  ),
  "invalid-cursor": explain(
    "The list cannot go on from there",
    400,
    "A cursor goes on with exactly the query that it came from: same path, same filters, same caller.",
    "Start again without a cursor.",
  ),
  unauthenticated: explain(
    "You are not signed in",
    401,
    "The request has no credential, or one that is wrong or has expired.",
    "Sign in again. Programs send “Authorization: Bearer …” or “Authorization: Key …”.",
  ),
  forbidden: explain(
    "This is not yours to do",
    403,
    "You are signed in, but this takes an admin, the market's creator, or somebody who never held shares of it.",
    "Ask an admin, or use an account that may.",
  ),
  "not-found": explain(
    "There is nothing at this address",
    404,
    "The API has no such address. A slash at the end makes it another one.",
    "Compare it with the list at /docs.",
  ),
  "market-not-found": explain(
    "There is no such market",
    404,
    "No market has this address, or it is a draft that only its creator and the admins see.",
    "Check the address, or look for the market in the list.",
  ),
  "order-not-found": explain(
    "There is no such order",
    404,
    "No order of yours has this id. Nobody sees the orders of others.",
    "Check the id; your trades are in your portfolio.",
  ),
  "account-not-found": explain(
    "There is no such account",
    404,
    "The account has not been opened yet.",
    "Open it first: signing in on this page does, and so does POST /v1/accounts.",
  ),
  "comment-not-found": explain(
    "There is no such comment",
    404,
    "The market has no comment with this id, or somebody has deleted it.",
    "Load the market again to see the comments that are there.",
  ),
  "webhook-not-found": explain(
    "There is no such webhook",
    404,
    "The account has no webhook with this id; those of others are never shown.",
    "GET /v1/webhooks lists the webhooks of the account.",
  ),
  "invalid-webhook": explain(
    "The webhook cannot be made",
    422,
    "Its address may not be called, or the account has as many webhooks as it may.",
    "Give a public https address, or delete a webhook that is no longer needed.",
  ),
  "limit-exceeded": explain(
    "The account has as many as it may",
    422,
    "The number of drafts or keys of an account is limited; the detail names the limit.",
    "Delete or publish some of them first.",
  ),
  "method-not-allowed": explain(
    "The address does not take this method",
    405,
    "There is something at this address, but not for this HTTP method.",
    "The Allow header of the answer lists the methods that it takes.",
  ),
  "body-too-large": explain(
    "The request is too large",
    413,
    "A request's body may have 65 536 bytes.",
    "Send less: shorten the texts.",
  ),
  "request-timeout": explain(
    "The request took too long",
    408,
    "A request's first part has 10 seconds to arrive and its body 30. Nothing was done, and the connection has ended.",
    "Look at the connection, and send the whole request again with the same key.",
  ),
  "headers-too-large": explain(
    "The request has too many headers, or too long ones",
    431,
    "A request may have 100 headers, and 64 KiB before its body. The connection has ended.",
    "Send less. In a browser, delete the cookies of this address.",
  ),
  "unsupported-media-type": explain(
    "The body is not declared as JSON",
    415,
    "The API reads JSON only, and only where the request says so.",
    "Send “Content-Type: application/json”.",
  ),
  "slug-taken": explain(
    "This address is taken",
    409,
    "Another market has this address. Addresses never change and are never given away again.",
    "Choose another one.",
  ),
  "already-published": explain(
    "The market is published already",
    409,
    "What is published cannot be changed or published again, because people trade on it.",
    "If something is wrong with it, an admin can void it. Then ask the question anew.",
  ),
  "market-not-open": explain(
    "The market takes no orders",
    409,
    "It is a draft, or it is closed, or its outcome has been decided.",
    "Look at the market: its creator or an admin may open it again as long as it is not decided.",
  ),
  "already-resolved": explain(
    "The market is decided",
    409,
    "Its outcome has been decided or it was voided, and that is final: people have been paid.",
    "Nothing. What went wrong can be made good with a grant.",
  ),
  "price-limit-exceeded": explain(
    "The price has moved",
    409,
    "Somebody traded between your preview and your order, and the price is now beyond the limit of the order. Nothing was bought or sold.",
    "Look at the new price and decide again.",
  ),
  "invalid-market": explain(
    "The market cannot be like this",
    422,
    "Its closing time is not in the future, or an outcome is named twice.",
    "Mend that and save it again.",
  ),
  "invalid-order": explain(
    "The order cannot be like this",
    422,
    "The market has no such outcome, or your account holds shares of as many open markets as an account may.",
    "Choose one of the market's outcomes; or sell what you hold elsewhere.",
  ),
  "invalid-resolution": explain(
    "The market cannot be resolved like this",
    422,
    "The market has no such outcome, an outcome is missing, or the payouts do not add up to exactly 1.",
    "Name every outcome, with payouts that add up to 1.",
  ),
  "insufficient-funds": explain(
    "Not enough credits",
    422,
    "The order or the subsidy costs more than your balance. Nothing was bought.",
    "Spend less, sell something first, or ask an admin for a grant.",
  ),
  "insufficient-shares": explain(
    "Not enough shares",
    422,
    "You cannot sell more shares than you hold. Nothing was sold.",
    "Sell what you hold, or buy the other outcome to bet against this one.",
  ),
  "balance-limit-exceeded": explain(
    "Too rich",
    422,
    "No balance may exceed a billion credits, and this would lift one above it.",
    "Spend some first.",
  ),
  "idempotency-key-reused": explain(
    "The key belongs to another request",
    422,
    "An Idempotency-Key stands for one request. This one was used for a different one before.",
    "Take a new key for each new request.",
  ),
  "too-many-requests": explain(
    "Too many requests",
    429,
    "You have asked for more than your share in a short time. Nothing was done.",
    "Wait as many seconds as Retry-After says, then send it again.",
  ),
  contention: explain(
    "Others were faster",
    503,
    "So many people are trading on this market that your request did not get its turn, or nobody knows yet whether it did.",
    "Send it again with the same key after a moment: it is done once at most.",
  ),
  degraded: explain(
    "Writes fail",
    503,
    "The server cannot save anything at the moment, whoever asks: its disk is full, or another program holds its file. It can still be read.",
    "Tell whoever runs it: its log says what to do. Then send it again with the same key: it is done once at most.",
  ),
};
