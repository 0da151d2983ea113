/**
 * What people have typed and not sent yet. It outlives whatever takes a form away: a session that ends, Back, a reload, a
 * sign-in in between. It is kept in this tab alone, and shown to nobody else.
 */

import { OWN } from "../platform/place";
import { parsed, passing } from "../platform/storage";

const PREFIX = `${OWN}draft.`;
const OWNER = `${OWN}drafts-of`;

/** What was typed for a purpose: the members that were changed. */
export function draftFor(purpose: string): Readonly<Record<string, unknown>> {
  const draft = parsed(passing.get(PREFIX + purpose));
  return typeof draft === "object" && draft !== null ? { ...draft } : {};
}

export function keepDraft(purpose: string, changed: object): void {
  passing.set(PREFIX + purpose, JSON.stringify(changed));
}

export function dropDraft(purpose: string): void {
  passing.remove(PREFIX + purpose);
}

/** Forgets what was typed, for whatever it was. */
export function dropDrafts(): void {
  passing.names(PREFIX).forEach((name) => {
    passing.remove(name);
  });
  passing.remove(OWNER);
}

/** Somebody is here: what was typed by nobody in particular is theirs, what somebody else has typed is forgotten. */
export function claimDrafts(account: string): void {
  const owner = passing.get(OWNER);
  if (owner !== null && owner !== account) {
    dropDrafts();
  }
  passing.set(OWNER, account);
}
