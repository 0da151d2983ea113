import { afterEach, expect, test, vi } from "vitest";

import { copyText } from "./clipboard";

/** A page that copies what is selected, where its browser lets it; tells what was selected when it did. */
function pageThat({ copies }: { copies: boolean }) {
  const selected: string[] = [];
  const field = { value: "", select: () => selected.push(field.value), remove: vi.fn() };
  vi.stubGlobal("HTMLElement", Object);
  vi.stubGlobal("document", {
    activeElement: null,
    body: { append: () => undefined },
    createElement: () => field,
    querySelector: () => null,
    execCommand: () => copies,
  });
  return { selected, field };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a text is copied by the clipboard where there is one", async () => {
  const written: string[] = [];
  vi.stubGlobal("navigator", { clipboard: { writeText: (text: string) => Promise.resolve(written.push(text)) } });
  const { selected } = pageThat({ copies: true });
  expect(await copyText("link")).toBe(true);
  expect([written, selected]).toEqual([["link"], []]);
});

test.each([
  ["on plain http, where there is none", {}],
  ["where it refuses", { clipboard: { writeText: () => Promise.reject(new DOMException("No", "NotAllowedError")) } }],
])("a selection is copied %s", async (_, navigator) => {
  vi.stubGlobal("navigator", navigator);
  for (const copies of [true, false]) {
    const { selected, field } = pageThat({ copies });
    expect(await copyText("link")).toBe(copies);
    expect(selected).toEqual(["link"]);
    expect(field.remove).toHaveBeenCalledOnce();
  }
});
