import "../../api/fake-browser";

import { expect, test, vi } from "vitest";

vi.stubGlobal("location", new URL("http://hunch.test/"));
const { readFilters } = await import("./filters");

test.each([
  ["tag=weather", "weather"],
  ["tag=Weather%20", "weather"],
  ["tag=", undefined],
  ["tag=two%20words", undefined],
  ["tag=%00", undefined],
  ["tag=weather&q=rain", undefined],
])("%s asks for the tag %s", (query, tag) => {
  expect(readFilters(new URLSearchParams(query)).tag).toBe(tag);
});
