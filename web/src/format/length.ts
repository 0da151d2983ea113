/** How long texts are, as the API counts: by code points. */

import { formatCount } from "./numbers";

export function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** What to say of a text that is too long; undefined where it is not. It is never cut: nobody would notice what is missing. */
export function excess(text: string, longest: number): string | undefined {
  const length = lengthOf(text);
  return length > longest ? `At most ${formatCount(longest)} characters; this has ${formatCount(length)}.` : undefined;
}
