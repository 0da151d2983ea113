import "../api/fake-browser";

import { expect, test, vi } from "vitest";

vi.stubGlobal("location", new URL("http://hunch.test/sign-in"));
const { ownAddress } = await import("./location");

test.each(["/", "/markets/rain", "/markets?q=z%C3%BCrich&status=ACTIVE", "/people/ann?a=b/c?d"])(
  "%s is an address to come back to",
  (path) => {
    expect(ownAddress(path)).toBe(path);
  },
);

test.each([
  null,
  "",
  "markets",
  "https://evil.test/",
  "//evil.test/",
  "/\\evil.test/",
  "\\\\evil.test",
  "/.//evil.test",
  "/markets/..//evil.test",
  "/%2e//evil.test",
  "/\t/evil.test",
  "/\n//evil.test",
  " /markets",
  "javascript:alert(1)",
  "/markets#token",
  "/märkte",
])("%j leads to the front page", (text) => {
  expect(ownAddress(text)).toBe("/");
});
