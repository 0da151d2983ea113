/** What a market did to the reader's money, from their own journal. */

import { sum } from "../format/micros";
import type { Query } from "./cache";
import { readJournal } from "./journal";
import { type JournalEntry, type Market, PORTFOLIO } from "./reads";

const MOST_PAGES = 20;

/** What came of a market for the reader; amounts are signed, and trading and creating it are told apart. */
export interface Movements {
  /** Whether they ever traded, and what that brought them: sales, payouts and refunds less purchases. */
  readonly hasTraded: boolean;
  readonly profit: string;
  /** What they spent on shares, as a negative amount, and what came in for them. */
  readonly spent: string;
  readonly received: string;
  /** What creating it cost them at last, as a negative amount; undefined where they did not pay for it. */
  readonly subsidy: string | undefined;
}

/** Read back to the market's beginning; nothing where the journal since then is too long to be read. */
export function movementsQuery({ slug, published_at, created_at }: Market): Query<Movements | undefined> {
  const since = Date.parse(published_at ?? created_at);
  return {
    key: `${PORTFOLIO}/journal?of=${slug}`,
    read: async () => {
      const { data, ...answer } = await readJournal(MOST_PAGES, (oldest) => Date.parse(oldest.created_at) < since);
      return data ? { ...answer, data: movementsOf(data.filter((entry) => entry.market === slug)) } : answer;
    },
  };
}

const CREATING: readonly JournalEntry["kind"][] = ["subsidy", "subsidy-return"];

export function movementsOf(entries: readonly Pick<JournalEntry, "kind" | "amount">[]): Movements {
  const creating = entries.filter(({ kind }) => CREATING.includes(kind)).map(({ amount }) => amount);
  const trading = entries.filter(({ kind }) => !CREATING.includes(kind)).map(({ amount }) => amount);
  return {
    hasTraded: trading.length > 0,
    profit: sum(trading),
    spent: sum(trading.filter((amount) => amount.startsWith("-"))),
    received: sum(trading.filter((amount) => !amount.startsWith("-"))),
    subsidy: creating.length > 0 ? sum(creating) : undefined,
  };
}
