/** Which way of writing is whose: the words are English, as the page is; figures and the clock are the reader's. */

import { onDemand } from "./on-demand";

/**
 * English as it is written where a locale's people live: months and weekdays in English, the clock and the order of a date
 * as they know them.
 */
export function englishFor(locale: string): string {
  try {
    const region = new Intl.Locale(locale).maximize().region;
    return region === undefined ? "en" : `en-${region}`;
  } catch {
    return "en"; // the browser names a locale that is none
  }
}

/** English for this reader. */
export const ENGLISH = onDemand(() => englishFor(new Intl.NumberFormat().resolvedOptions().locale));
