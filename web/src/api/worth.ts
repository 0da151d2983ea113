/** How what the reader has went up and down, from their own journal. */

import { fromMicros, toMicros } from "../format/micros";
import type { Query } from "./cache";
import { readJournal } from "./journal";
import { type JournalEntry, PORTFOLIO } from "./reads";

const MOST_PAGES = 10;

/** What the reader had from a moment on, in credits, with shares at what they cost. */
export interface Worth {
  readonly time: string;
  readonly amount: string;
}

/** From the whole journal, read back to its beginning; null where it is too long for that. */
export const worthQuery: Query<readonly Worth[] | null> = {
  key: `${PORTFOLIO}/journal?worth`,
  read: async () => {
    const { data, ...answer } = await readJournal(MOST_PAGES);
    return data === undefined ? answer : { ...answer, data: data && worthOverTime(data.reverse()) };
  },
};

/**
 * What an account had after each movement of its money, the oldest first.
 *
 * Shares count as what was paid for them, less what sales brought, until their market is decided: a trade changes
 * nothing by itself, and its profit or loss comes with the payout or the refund. Subsidies count as spent until what is left of
 * them returns.
 */
export function worthOverTime(
  entries: readonly Pick<JournalEntry, "kind" | "amount" | "market" | "balance_after" | "created_at">[],
): Worth[] {
  const spent = new Map<string, bigint>();
  let inMarkets = 0n;
  return entries.map(({ kind, amount, market, balance_after, created_at }) => {
    if (typeof market === "string" && kind !== "subsidy" && kind !== "subsidy-return") {
      const before = spent.get(market) ?? 0n;
      const after = kind === "buy" || kind === "sell" ? before - toMicros(amount) : 0n;
      spent.set(market, after);
      inMarkets += after - before;
    }
    return { time: created_at, amount: fromMicros(toMicros(balance_after) + inMarkets) };
  });
}
