/** Who is signed in, kept over reloads and shared by all tabs. */

import { createStore } from "../store";

/** Somebody who is signed in. */
export interface Session {
  readonly token: string;
  readonly account: string;
  readonly isAdmin: boolean;
}

const STORAGE_KEY = "hunch.session";

export const session = createStore<Session | undefined>(storedSession());

/** Why there is no session, where that is worth saying. */
export const farewell = createStore<"expired" | undefined>(undefined);

export function currentToken(): string | undefined {
  return session.get()?.token;
}

export function startSession(token: string, account: string): void {
  const started = { token, account, isAdmin: isAdminToken(token) };
  localStorage.setItem(STORAGE_KEY, JSON.stringify(started));
  farewell.set(undefined);
  session.set(started);
}

export function endSession(why?: "expired"): void {
  localStorage.removeItem(STORAGE_KEY);
  farewell.set(why);
  session.set(undefined);
}

window.addEventListener("storage", (event) => {
  if (event.key === STORAGE_KEY) {
    session.set(storedSession());
  }
});

function storedSession(): Session | undefined {
  const text = localStorage.getItem(STORAGE_KEY);
  return text === null ? undefined : (JSON.parse(text) as Session);
}

/**
 * Whether a token says that its bearer is an admin. This decides what is shown; what is allowed the server decides. Some
 * tokens say nothing to us, and their bearers find the admin's page by its address.
 */
function isAdminToken(token: string): boolean {
  const claims = claimsOf(token);
  return ["roles", "groups", "cognito:groups"].some((name) => {
    const value = claims[name];
    return Array.isArray(value) && value.includes("admin");
  });
}

/** What a token says: an issuer's in its second part, this instance's own in the first, after what kind it is. */
export function claimsOf(token: string): Record<string, unknown> {
  const [first = "", second = ""] = token.split(".");
  const payload = /^h[a-z]_/.test(first) ? first.slice(first.indexOf("_") + 1) : second;
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
    return typeof claims === "object" && claims !== null ? { ...claims } : {};
  } catch {
    return {}; // an opaque token
  }
}
