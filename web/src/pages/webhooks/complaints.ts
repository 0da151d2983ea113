/** What is wrong with a webhook, beside its fields and in the page's words; and what people paste for a market. */

import type { Problem } from "../../api/problem";

export interface Complaints {
  readonly url?: string;
  readonly market?: string;
}

/** What the server found wrong; empty where it means neither field. */
export function complaintsOf(problem: Problem | undefined): Complaints {
  if (problem === undefined) {
    return {};
  }
  const isMarket = problem.fields.market !== undefined || problem.code === "market-not-found";
  return {
    ...(problem.fields.url === undefined ? {} : { url: "Give a whole address, such as https://example.com/hook." }),
    ...(isMarket ? { market: "No market has this address. Copy it from the market's page, or leave this empty." } : {}),
  };
}

/** The slug of a market of which somebody has typed that, or pasted the address of its page. */
export function marketIn(typed: string): string {
  const [, slug] = /\/markets\/([^/?#]+)/.exec(typed) ?? [];
  return slug ?? typed.trim();
}
