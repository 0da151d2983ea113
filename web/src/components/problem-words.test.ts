import { expect, test } from "vitest";

import { Problem } from "../api/problem";
import { wordsOf } from "./problem-words";

test.each([
  "too-many-requests",
  "contention",
  "account-not-found",
  "request-timeout",
  "insufficient-funds",
  "market-not-open",
  "forbidden",
])("%s is said to people, who see neither keys nor headers", (code) => {
  const { title, message } = wordsOf(new Problem("Title Of The API", "detail", 400, code));
  expect(title).not.toBe("Title Of The API");
  expect(message).not.toMatch(/\bkey\b|Retry-After|header|Idempotency|POST/i);
});
