/** A token at the end of the address that the browser opened: it leaves the address before anything is loaded or shown. */

import { placed } from "../platform/place";
import { address } from "../routing/location";
import { keepDraft } from "./drafts";

/** What the token of an address is for. */
const PURPOSES: readonly (readonly [RegExp, string])[] = [
  [/^\/invitation$/, "invitation"],
  [/^\/sign-in[-/]link$/, "link"],
];

/** Keep the token for the page that uses it, and show the address without it. */
export function hideSecret(): void {
  const { hash, pathname } = address.get();
  const purpose = PURPOSES.find(([pattern]) => pattern.test(pathname))?.[1];
  if (purpose !== undefined && hash.length > 1) {
    keepDraft(purpose, { token: hash.slice(1) });
    history.replaceState(null, "", placed(pathname));
  }
}
