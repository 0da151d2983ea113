import { describe, expect, test } from "vitest";

import { keepIn, parsed } from "./storage";

function blocked(): never {
  throw new DOMException("The operation is insecure.", "SecurityError");
}

/** Storage that reads and takes no more. */
function full(items: Record<string, string>): Storage {
  return {
    get length() {
      return Object.keys(items).length;
    },
    key: (index: number) => Object.keys(items)[index] ?? null,
    getItem: (name: string) => items[name] ?? null,
    setItem: () => {
      throw new DOMException("Full.", "QuotaExceededError");
    },
    removeItem: blocked,
    clear: blocked,
  };
}

describe.each([
  ["blocked", blocked],
  ["not there", () => null],
  ["full", () => full({ "hunch.old": "1" })],
])("where storage is %s", (_, storage) => {
  test("what is kept lasts as long as the page", () => {
    const keep = keepIn(storage);
    keep.set("hunch.draft", "typed");
    expect(keep.get("hunch.draft")).toBe("typed");
    expect(keep.names("hunch.d")).toEqual(["hunch.draft"]);
    keep.remove("hunch.draft");
    expect(keep.get("hunch.draft")).toBeNull();
    expect(keep.names("hunch.d")).toEqual([]);
  });
});

test("what a full storage still says of a name is out of date", () => {
  const keep = keepIn(() => full({ "hunch.old": "1" }));
  expect(keep.get("hunch.old")).toBe("1");
  keep.set("hunch.old", "2");
  expect(keep.get("hunch.old")).toBe("2");
  keep.remove("hunch.old");
  expect([keep.get("hunch.old"), keep.names("hunch")]).toEqual([null, []]);
});

test("another failure is no storage's, and is not hidden", () => {
  const keep = keepIn(() => {
    throw new TypeError("a mistake");
  });
  expect(() => keep.get("name")).toThrow(TypeError);
});

test.each([[null], ["{"], [""]])("%j says nothing", (text) => {
  expect(parsed(text)).toBeUndefined();
});
