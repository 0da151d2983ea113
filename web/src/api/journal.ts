/** The reader's journal, read back page by page. */

import { client } from "./client";
import type { JournalEntry } from "./reads";

const PAGE = 100;

/** The newest entries first, as far back as is wanted; `data` is null where that is more than so many pages. */
export async function readJournal(mostPages: number, isEnough: (oldest: JournalEntry) => boolean = () => false) {
  const entries: JournalEntry[] = [];
  let cursor: string | undefined;
  for (let page = 1; page <= mostPages; page++) {
    const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const { data, error, response } = await client.GET("/v1/portfolio/journal", { params: { query } });
    if (data === undefined) {
      return { error, response };
    }
    entries.push(...data.journal);
    const oldest = data.journal.at(-1);
    if (data.cursor === null || oldest === undefined || isEnough(oldest)) {
      return { data: entries, response };
    }
    cursor = data.cursor;
  }
  return { data: null, response: new Response() };
}
