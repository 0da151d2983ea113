import { expect, test, vi } from "vitest";

import { randomUuid } from "./random";

test("a random UUID needs no secure context", () => {
  const { crypto: real } = globalThis;
  vi.stubGlobal("crypto", { getRandomValues: (bytes: Uint8Array<ArrayBuffer>) => real.getRandomValues(bytes) });
  const made = Array.from({ length: 100 }, randomUuid);
  vi.unstubAllGlobals();
  expect(new Set(made).size).toBe(100);
  for (const uuid of made) {
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});
