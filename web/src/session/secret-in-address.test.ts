import "../api/fake-browser";

import { beforeEach, expect, test, vi } from "vitest";

const replaced: string[] = [];
vi.stubGlobal("history", { replaceState: (_state: unknown, _unused: string, to: string) => replaced.push(to) });
vi.stubGlobal("location", new URL("http://hunch.test/"));
const { address } = await import("../routing/location");
const { draftFor, dropDrafts } = await import("./drafts");
const { hideSecret } = await import("./secret-in-address");

beforeEach(() => {
  replaced.length = 0;
  dropDrafts();
});

test.each([
  ["/invitation", "invitation"],
  ["/sign-in/link", "link"],
  ["/sign-in-link", "link"],
])("the token of %s is kept, and leaves the address", (path, purpose) => {
  address.set(new URL(`http://hunch.test${path}#secret`));
  hideSecret();
  expect(replaced).toEqual([path]);
  expect(draftFor(purpose)).toEqual({ token: "secret" });
});

test.each(["/invitation", "/invitation#", "/markets/rain#comments"])("%s stays as it is", (path) => {
  address.set(new URL(`http://hunch.test${path}`));
  hideSecret();
  expect(replaced).toEqual([]);
});
