/**
 * One idempotency key for each thing that somebody means to do, kept until its outcome is known. A reload, a lost answer or
 * a second click therefore never does it twice: the same intent is sent with the same key.
 */

import { OWN } from "../platform/place";
import { randomUuid } from "../platform/random";
import { parsed, passing } from "../platform/storage";
import { Problem, problemOfFailure } from "./problem";

interface Intent {
  readonly key: string;
  readonly body: unknown;
}

const PREFIX = `${OWN}intent.`;

/**
 * Does a request under the key of its intent, which is settled by an answer that decides what became of all attempts.
 *
 * @param purpose what it is for; there is one intent for each.
 * @throws {Problem} it did not work, or another request of this purpose is not settled.
 */
export async function fulfil<Body, Result>(
  purpose: string,
  body: Body,
  execute: (body: Body, key: string) => Promise<Result>,
): Promise<Result> {
  const key = keyFor(purpose, body);
  try {
    const result = await execute(body, key);
    settle(purpose);
    return result;
  } catch (failure) {
    if (!problemOfFailure(failure).isUndecided) {
      settle(purpose);
    }
    throw failure;
  }
}

/** The key for a request; the same one for the same request until it is settled, and until then none for another. */
function keyFor(purpose: string, body: unknown): string {
  const open = openIntent(purpose);
  if (open !== undefined) {
    if (JSON.stringify(open.body) !== JSON.stringify(body)) {
      throw new Problem(
        "The last one is still open",
        "Nobody knows yet what became of it. Send that again, or forget it.",
        409,
      );
    }
    return open.key;
  }
  const key = randomUuid();
  passing.set(PREFIX + purpose, JSON.stringify({ key, body } satisfies Intent));
  return key;
}

/** What a purpose is called for one person: what they mean to do is no matter of who comes after them in this tab. */
export function purposeOf(account: string | undefined, purpose: string): string {
  return `${account ?? ""}.${purpose}`;
}

/** Lets go of an intent whose outcome is known. */
export function settle(purpose: string): void {
  passing.remove(PREFIX + purpose);
}

/** The request whose outcome is not known, if there is one. */
export function unsettled(purpose: string): unknown {
  return openIntent(purpose)?.body;
}

function openIntent(purpose: string): Intent | undefined {
  return parsed(passing.get(PREFIX + purpose)) as Intent | undefined;
}
