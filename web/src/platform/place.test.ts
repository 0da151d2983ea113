import { expect, test, vi } from "vitest";

/** The module in a page that the server has written this place into. */
async function at(content: string | undefined) {
  vi.resetModules();
  vi.stubGlobal("document", { querySelector: () => (content === undefined ? null : { content }) });
  return import("./place");
}

test.each([undefined, "/"])("with %j the host is this instance's own", async (content) => {
  const { OWN, placed, unplaced } = await at(content);
  expect([placed("/markets/rain"), unplaced("/markets/rain"), OWN]).toEqual([
    "/markets/rain",
    "/markets/rain",
    "hunch.",
  ]);
});

test.each([
  ["/hunch/", "/hunch/markets/rain"],
  ["/clubs/chess/", "/clubs/chess/markets/rain"],
])("at %s addresses have the path, and what is kept has a name of its own", async (content, whole) => {
  const { OWN, placed, unplaced } = await at(content);
  expect([placed("/markets/rain"), unplaced(whole), unplaced(placed("/"))]).toEqual([whole, "/markets/rain", "/"]);
  expect(OWN).not.toBe("hunch.");
  expect(unplaced(`${content.slice(0, -1)}es/markets`)).toBe(`${content.slice(0, -1)}es/markets`);
});
