/** The way back into an account that came by an invitation: a link that signs in once, on any device. */

import { client, dataOf } from "../api/client";
import { problemOfFailure } from "../api/problem";
import { now } from "../platform/clock";
import type { Session } from "./session";

export interface PersonalLink {
  readonly url: string;
  readonly expires_at: string;
}

/** As long as a link may live, less a moment for its way to the server. */
const LIFE_MS = 30 * 86_400_000 - 60_000;

let known: { readonly token: string; readonly link: PersonalLink } | undefined;

/**
 * A link for whoever is signed in; the same one as long as the page is open.
 *
 * @returns undefined where the server has no such links, or none for this account.
 * @throws {Problem} nobody knows.
 */
export async function personalLink({ token, account }: Session): Promise<PersonalLink | undefined> {
  if (known?.token === token) {
    return known.link;
  }
  const body = { expires_at: new Date(now() + LIFE_MS).toISOString() };
  try {
    const call = client.POST("/v1/accounts/{account}/sign-in-links", { params: { path: { account } }, body });
    const link = await dataOf(call);
    known = { token, link };
    return link;
  } catch (failure) {
    if (["not-found", "forbidden"].includes(problemOfFailure(failure).code)) {
      return undefined;
    }
    throw failure;
  }
}
