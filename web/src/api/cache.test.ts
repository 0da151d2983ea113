import "./fake-browser";

import { expect, test } from "vitest";

import { Entry, type ReadOptions } from "./cache";
import type { Answer } from "./client";

const DATA = { price: "0.500000" };

/** A query that gets these answers, one after another, and the entity tags that it asked with. */
function entryWith(...answers: Response[]) {
  const tags: (string | undefined)[] = [];
  const read = async ({ headers }: ReadOptions): Promise<Answer<typeof DATA>> => {
    tags.push(headers?.["If-None-Match"]);
    const response = answers.shift() ?? Response.error();
    const text = await response.text();
    return response.ok ? { data: JSON.parse(text) as typeof DATA, response } : { error: text, response };
  };
  return { entry: new Entry({ key: "/v1/markets/rain", read }), tags };
}

function found(): Response {
  return Response.json(DATA, { headers: { ETag: '"1"' } });
}

test("data that has not changed is kept, and clears a problem away", async () => {
  const { entry, tags } = entryWith(found(), new Response(null, { status: 503 }), new Response(null, { status: 304 }));
  await entry.refresh();
  expect(await entry.refresh()).toBe(false);
  expect(entry.store.get()).toMatchObject({ data: DATA, problem: { status: 503 } });
  expect(await entry.refresh()).toBe(true);
  expect(entry.store.get()).toEqual({ data: DATA });
  expect(tags).toEqual([undefined, '"1"', '"1"']);
});

test("data that was dropped is read anew, not asked for by its tag", async () => {
  const { entry, tags } = entryWith(found(), new Response(null, { status: 403 }), found());
  await entry.refresh();
  await entry.refresh();
  expect(entry.store.get()).toMatchObject({ problem: { status: 403 } });
  expect(entry.store.get().data).toBeUndefined();
  await entry.refresh();
  expect(entry.store.get()).toEqual({ data: DATA });
  expect(tags).toEqual([undefined, '"1"', undefined]);
});

test.each([
  ["too many requests", () => new Response(null, { status: 429 })],
  ["a sign-in of the network's", () => new Response("<!doctype html>")],
])("data stays on show through %s, and reading goes on", async (_, instead) => {
  const { entry } = entryWith(found(), instead(), found());
  await entry.refresh();
  expect(await entry.refresh()).toBe(false);
  expect(entry.store.get()).toMatchObject({ data: DATA, problem: { isUndecided: true } });
  expect(await entry.refresh()).toBe(true);
  expect(entry.store.get()).toEqual({ data: DATA });
});
