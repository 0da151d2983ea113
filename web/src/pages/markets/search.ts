/** What people search for, as the API takes it. */

import type { Market } from "../../api/reads";

const MOST_WORDS = 5;

/** The words to search for, as many as the API takes; empty when nothing is searched for. */
export function wordsOf(search: string): readonly string[] {
  return search
    .split(/\s+/)
    .filter((word) => word !== "")
    .slice(0, MOST_WORDS);
}

/** Whether a market is one that a search finds: each word begins a word of its name, tags or slug. */
export function isFound(market: Market, words: readonly string[]): boolean {
  const known = folded([market.name, market.slug, ...market.tags].join(" ")).split(/[^\p{L}\p{N}]+/u);
  return words.every((word) => known.some((other) => other.startsWith(folded(word))));
}

function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
