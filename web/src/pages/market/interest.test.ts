import "../../api/fake-browser";

import { expect, test, vi } from "vitest";

import type { Market, Position } from "../../api/reads";
import { everTradedQuery, resolvesAsCreator } from "./interest";

const MARKET = { slug: "rain", creator: "ada", published_at: "2026-11-20T00:00:00Z" } as Market;

/** Answers pages of trades: each is the market's slug and the day of November on which it was. */
function answer(...pages: [market: string, day: number][][]): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(new URL(request.url).search);
    const trades = (pages[asked.length - 1] ?? []).map(([market, day]) => ({
      market,
      created_at: `2026-11-${day}T12:00:00Z`,
    }));
    return Promise.resolve(Response.json({ trades, cursor: asked.length < pages.length ? "next" : null }));
  });
  return asked;
}

async function traded(positions: readonly Position[] = []): Promise<boolean | undefined> {
  const { data } = await everTradedQuery(MARKET, positions).read({});
  return data;
}

test("who holds shares has an interest, and nothing is read for it", async () => {
  const asked = answer();
  expect(await traded([{} as Position])).toBe(true);
  expect(asked).toEqual([]);
});

test("who sold all of them has one, too", async () => {
  answer([["snow", 26]], [["rain", 21]]);
  expect(await traded()).toBe(true);
});

test("trades from before the market say nothing of it", async () => {
  const asked = answer([["snow", 19]], [["rain", 18]]);
  expect(await traded()).toBe(false);
  expect(asked).toHaveLength(1);
});

test("an admin resolves whatever they hold, and others do not resolve at all", () => {
  const user = { token: "t", account: "ada", name: "Ada", isAdmin: false };
  expect(resolvesAsCreator(user, MARKET)).toBe(true);
  expect(resolvesAsCreator({ ...user, isAdmin: true }, MARKET)).toBe(false);
  expect(resolvesAsCreator({ ...user, account: "bob" }, MARKET)).toBe(false);
  expect(resolvesAsCreator(undefined, MARKET)).toBe(false);
});
