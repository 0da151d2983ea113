/** Who is signed in, kept over reloads and shared by all tabs. */

import { OWN } from "../platform/place";
import { lasting, parsed } from "../platform/storage";
import { createStore } from "../store";
import { claimDrafts, dropDrafts } from "./drafts";

/** Somebody who is signed in. */
export interface Session {
  readonly token: string;
  readonly account: string;
  /** What people call the account. */
  readonly name: string;
  readonly isAdmin: boolean;
}

/** Who the server takes the bearer of a token for. */
export interface Identity {
  readonly account: string;
  readonly name: string;
  readonly roles: readonly string[];
}

const STORAGE_KEY = `${OWN}session`;

export const session = createStore<Session | undefined>(storedSession());

/** Why there is no session, where that is worth saying. */
export const farewell = createStore<"expired" | undefined>(undefined);

export function currentToken(): string | undefined {
  return session.get()?.token;
}

/** Begins a session, or learns more of the one that there is. */
export function startSession(token: string, { account, name, roles }: Identity): void {
  const started: Session = { token, account, name, isAdmin: roles.includes("admin") };
  lasting.set(STORAGE_KEY, JSON.stringify(started));
  claimDrafts(account);
  farewell.set(undefined);
  session.set(started);
}

/** Learns what people call an account from now on, where it is the reader's own. */
export function renameSession({ account, name }: Pick<Identity, "account" | "name">): void {
  const current = session.get();
  if (current?.account === account) {
    startSession(current.token, { account, name, roles: current.isAdmin ? ["admin"] : [] });
  }
}

export function endSession(why?: "expired"): void {
  lasting.remove(STORAGE_KEY);
  if (why === undefined) {
    dropDrafts();
  }
  farewell.set(why);
  session.set(undefined);
}

/** Learns what other tabs have made of the session. */
function adoptSession(): void {
  const stored = storedSession();
  if (stored !== undefined) {
    claimDrafts(stored.account);
  }
  session.set(stored);
}

window.addEventListener("storage", ({ key }) => {
  if (key === STORAGE_KEY || key === null) {
    adoptSession(); // null: all of the storage was cleared
  }
});

// A page that the browser has kept aside has heard nothing meanwhile.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) {
    adoptSession();
  }
});

function storedSession(): Session | undefined {
  const stored = parsed(lasting.get(STORAGE_KEY)) as Partial<Session> | undefined;
  if (typeof stored?.token !== "string" || typeof stored.account !== "string") {
    return undefined;
  }
  const { token, account, name = account, isAdmin = false } = stored;
  return { token, account, name, isAdmin };
}

/** The roles that a token names, for servers that do not say whom they take its bearer for. */
export function rolesOf(token: string): readonly string[] {
  const claims = claimsOf(token);
  return ["roles", "groups", "cognito:groups"].flatMap((name) => {
    const value = claims[name];
    return Array.isArray(value) ? value.filter((role) => typeof role === "string") : [];
  });
}

/** The kinds of this instance's own tokens, by how they begin. */
const INVITED = "hs_";

/** Whether a token came by an invitation: nobody gives its bearer another one for the asking. */
export function isInvited({ token }: Session): boolean {
  return token.startsWith(INVITED);
}

/** What a token says: an issuer's in its second part, this instance's own in the first, after what kind it is. */
export function claimsOf(token: string): Record<string, unknown> {
  const [first = "", second = ""] = token.split(".");
  const payload = /^h[a-z]_/.test(first) ? first.slice(first.indexOf("_") + 1) : second;
  const claims = parsed(decoded(payload));
  return typeof claims === "object" && claims !== null ? { ...claims } : {};
}

/** The text of a part of a token; nothing where it is opaque. */
function decoded(payload: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (sign) =>
      sign.charCodeAt(0),
    );
    return new TextDecoder().decode(bytes);
  } catch {
    return null;
  }
}
