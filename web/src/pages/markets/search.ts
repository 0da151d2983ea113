/** What people search for, as the API takes it. */

const MOST_WORDS = 5;

/** The words to search for, as many as the API takes; empty when nothing is searched for. */
export function wordsOf(search: string): readonly string[] {
  return search
    .split(/\s+/)
    .filter((word) => word !== "")
    .slice(0, MOST_WORDS);
}
