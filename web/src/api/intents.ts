/**
 * One idempotency key for each thing that somebody means to do, kept until its outcome is known. A reload, a lost answer or
 * a second click therefore never does it twice: the same intent is sent with the same key.
 */

interface Intent {
  readonly key: string;
  readonly body: unknown;
}

const PREFIX = "hunch.intent.";

/**
 * The key for a request; the same one for the same request until it is settled.
 *
 * @param purpose what it is for; there is one intent for each.
 */
export function keyFor(purpose: string, body: unknown): string {
  const open = openIntent(purpose);
  if (open !== undefined && JSON.stringify(open.body) === JSON.stringify(body)) {
    return open.key;
  }
  const key = crypto.randomUUID();
  sessionStorage.setItem(PREFIX + purpose, JSON.stringify({ key, body } satisfies Intent));
  return key;
}

/** Lets go of an intent whose outcome is known. */
export function settle(purpose: string): void {
  sessionStorage.removeItem(PREFIX + purpose);
}

/** The request whose outcome is not known, if there is one. */
export function unsettled(purpose: string): unknown {
  return openIntent(purpose)?.body;
}

function openIntent(purpose: string): Intent | undefined {
  const text = sessionStorage.getItem(PREFIX + purpose);
  return text === null ? undefined : (JSON.parse(text) as Intent);
}
