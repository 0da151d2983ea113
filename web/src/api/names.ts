/** What people call accounts: asked for many at once, and kept. */

import { currentToken, session } from "../session/session";
import { createStore } from "../store";
import { client, dataOf } from "./client";
import { Problem } from "./problem";
import { isWaiting } from "./transport";

const MOST_AT_ONCE = 100;
const GATHER_MS = 80;
/** Nobody waits longer for a name, whatever the page still reads. */
const LONGEST_GATHER_MS = 1_000;

/** The names that are known; they never change under a session often enough to be asked for again. */
export const names = createStore<ReadonlyMap<string, string>>(new Map());

const asked = new Set<string>();
let waiting: string[] = [];

/** Has the name of an account in the store before long, if there is one. */
export function wantName(account: string): void {
  if (asked.has(account)) {
    return;
  }
  asked.add(account);
  waiting.push(account);
  if (waiting.length === 1) {
    gather(0);
  }
}

/** What was read anyway need not be asked for. */
export function learnNames(people: readonly { readonly account: string; readonly name: string }[]): void {
  if (people.some(({ account, name }) => names.get().get(account) !== name)) {
    people.forEach(({ account }) => asked.add(account));
    names.set(new Map([...names.get(), ...people.map(({ account, name }) => [account, name] as const)]));
  }
}

/**
 * Asks once nothing is read any more that may name somebody else, and nobody was named for a while: between an answer
 * and the drawing of what it says lies a frame.
 */
function gather(gatheredMs: number): void {
  const named = waiting.length;
  setTimeout(() => {
    const isQuiet = !isWaiting() && waiting.length === named;
    if (isQuiet || gatheredMs >= LONGEST_GATHER_MS) {
      void askForAll();
    } else {
      gather(gatheredMs + GATHER_MS);
    }
  }, GATHER_MS);
}

async function askForAll(): Promise<void> {
  const accounts = waiting;
  waiting = [];
  for (let start = 0; start < accounts.length; start += MOST_AT_ONCE) {
    await ask(accounts.slice(start, start + MOST_AT_ONCE));
  }
}

async function ask(account: string[]): Promise<void> {
  try {
    const { accounts } = await dataOf(client.GET("/v1/accounts", { params: { query: { account } } }));
    learnNames(accounts);
  } catch (failure) {
    if (!(failure instanceof Problem)) {
      throw failure;
    }
    // Nobody says: the ids stay, and the next page asks again.
    account.forEach((name) => asked.delete(name));
  }
}

let reader = currentToken();
session.subscribe(() => {
  if (currentToken() !== reader) {
    reader = currentToken();
    asked.clear();
    names.set(new Map());
  }
});
