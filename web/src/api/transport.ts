/** How requests travel: with a bound on their time, and with a plain word where no answer came. */

import { learnTime } from "../platform/clock";
import { connection } from "./connection";
import { takeEarly, type WholeAnswer } from "./early";
import { noAnswer, noConnection } from "./problem";

const TIMEOUT_MS = 30_000;
const BODILESS = [204, 205, 304];
/** What a proxy answers when there is nobody behind it. */
const NOBODY_THERE = [502, 503, 504];

let underWay = 0;

/** Whether answers are still to come. */
export function isWaiting(): boolean {
  return underWay > 0;
}

/** How long no answer has to be awaited until a page counts as having what it asked for, in milliseconds. */
const QUIET_MS = 250;

/** Waits until the page has had what it asked for, and asked for nothing more: what can wait is asked for then. */
export async function onceQuiet(): Promise<void> {
  do {
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  } while (isWaiting());
}

/**
 * Fetches an answer completely: a connection that breaks within a body is as bad as none.
 *
 * @throws {Problem} no answer came. Whatever else is thrown, the network has nothing to do with it.
 */
export async function fetchInTime(request: Request): Promise<Response> {
  underWay++;
  const { signal, isLate, stop } = bounded(request.signal);
  const arrival = arriving(request, signal).catch((failure: unknown) => {
    if (request.signal.aborted) {
      throw failure; // nobody wants to know any more
    }
    connection.set(isLate() ? connection.get() : navigator.onLine ? "unreachable" : "offline");
    throw isLate() ? noAnswer() : noConnection();
  });
  try {
    const response = await arrival;
    learnTime(response.headers);
    connection.set(isNobodyThere(response) ? "unreachable" : "online");
    return response;
  } finally {
    underWay--;
    stop();
  }
}

async function arriving(request: Request, signal: AbortSignal): Promise<Response> {
  const { response, body } = await (takeEarly(request, signal) ?? whole(fetch(request, { signal })));
  const { status, statusText, headers } = response;
  return new Response(BODILESS.includes(status) ? null : body, { status, statusText, headers });
}

async function whole(arrival: Promise<Response>): Promise<WholeAnswer> {
  const response = await arrival;
  return { response, body: await response.arrayBuffer() };
}

/** A signal that is given when another one is, and when the time is up. */
function bounded(outer: AbortSignal): { signal: AbortSignal; isLate: () => boolean; stop: () => void } {
  const controller = new AbortController();
  let isLate = false;
  const abort = () => {
    controller.abort();
  };
  const timer = setTimeout(() => {
    isLate = true;
    abort();
  }, TIMEOUT_MS);
  outer.addEventListener("abort", abort);
  if (outer.aborted) {
    abort();
  }
  return {
    signal: controller.signal,
    isLate: () => isLate,
    stop() {
      clearTimeout(timer);
      outer.removeEventListener("abort", abort);
    },
  };
}

/** Whether a proxy answers in Hunch's place. Hunch's own refusals are JSON. */
function isNobodyThere({ status, headers }: Response): boolean {
  return NOBODY_THERE.includes(status) && !(headers.get("Content-Type") ?? "").includes("json");
}
