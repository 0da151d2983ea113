/** The request that src/first.js makes before this code is there, and that the first read of the same takes over. */

/** An answer that has come completely. */
export interface WholeAnswer {
  readonly response: Response;
  readonly body: ArrayBuffer;
}

/** A request that is under way. */
interface Early {
  readonly url: string;
  /** Whose request it is; undefined for a visitor's. */
  readonly token: string | undefined;
  readonly answer: Promise<WholeAnswer>;
  readonly stop: () => void;
}

declare global {
  interface Window {
    early?: Early | undefined;
  }
}

/** What is older than this, in milliseconds since the page began, is asked for again. */
const FRESH_MS = 30_000;

/**
 * The answer to a request that is under way already, where it is the same: to the same address, for the same reader.
 *
 * @param signal stops it.
 */
export function takeEarly({ method, url, headers }: Request, signal: AbortSignal): Promise<WholeAnswer> | undefined {
  const { early } = window;
  const authorization = early?.token === undefined ? null : `Bearer ${early.token}`;
  if (early?.url !== url || method !== "GET" || headers.get("Authorization") !== authorization) {
    return undefined;
  }
  window.early = undefined;
  if (performance.now() > FRESH_MS) {
    return undefined;
  }
  signal.addEventListener("abort", early.stop);
  return early.answer;
}
