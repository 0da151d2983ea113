/** Whom the server takes people for: it alone knows which groups of which issuer make an admin. */

import { client, dataOf } from "../api/client";
import { Problem, problemOfFailure } from "../api/problem";
import { type Identity, rolesOf, session, startSession } from "./session";

/**
 * Whom a token makes its bearer.
 *
 * @param account what the server has called the account.
 * @throws {Problem} the server does not say.
 */
export async function identify(token: string, account: string): Promise<Identity> {
  const headers = { Authorization: `Bearer ${token}` };
  try {
    const { name, roles } = await dataOf(client.GET("/v1/me", { headers }));
    return { account, name: name ?? account, roles };
  } catch (failure) {
    if (problemOfFailure(failure).code !== "not-found") {
      throw failure;
    }
    return { account, name: account, roles: rolesOf(token) }; // a server that does not know the question yet
  }
}

/** Asks again whom the server takes the reader for: roles are given and taken while a session lasts. */
export async function refreshIdentity(): Promise<void> {
  const current = session.get();
  if (current === undefined) {
    return;
  }
  try {
    const identity = await identify(current.token, current.account);
    if (session.get()?.token === current.token) {
      startSession(current.token, identity);
    }
  } catch (failure) {
    if (!(failure instanceof Problem)) {
      throw failure;
    } // What was known stays; whoever does something hears why it is refused.
  }
}
