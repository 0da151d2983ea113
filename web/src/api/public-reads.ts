/**
 * Reads whose answers are the same for everybody, asked for as anybody where CloudFront keeps such answers: it keeps
 * none that was given to a credential, so a thousand people who have signed in would ask the API a thousand times.
 */

import { unplaced } from "../platform/place";
import { fetchInTime } from "./transport";

const PUBLIC = /^\/v1\/(?:accounts|audit|leaderboard|markets)(?:\/|$)/;
/** What CloudFront puts on every answer that it passes on. */
const EDGE = "X-Amz-Cf-Id";
/** How long one's own changes may not be among what is kept, and what others see of them. */
const FRESH_MS = 5_000;
/** Answers that may be others for who shows a credential. */
const WORTH_ASKING_AGAIN = [401, 404, 429];

interface Known {
  /** Whether CloudFront is on the way. */
  readonly isBehindEdge: boolean;
  /** Whether nothing can be read without signing in. */
  readonly isPrivate: boolean;
  /** When this page last changed something. */
  readonly changedAt: number;
}

const NOTHING: Known = { isBehindEdge: false, isPrivate: false, changedAt: Number.NEGATIVE_INFINITY };
let known = NOTHING;

/** Forget what was learned of the server. */
export function forgetServer(): void {
  known = NOTHING;
}

/**
 * Fetches an answer, of a public read without the credential that the request has; with it once that is not enough.
 *
 * @throws {Problem} as fetchInTime does.
 */
export async function fetchAsAnybody(request: Request): Promise<Response> {
  if (isForAnybody(request)) {
    const anonymous = request.clone();
    anonymous.headers.delete("Authorization");
    const response = await fetchInTime(anonymous);
    if (!WORTH_ASKING_AGAIN.includes(response.status)) {
      return response;
    }
    known = { ...known, isPrivate: known.isPrivate || response.status === 401 };
  }
  const response = await fetchInTime(request);
  known = {
    ...known,
    isBehindEdge: known.isBehindEdge || response.headers.has(EDGE),
    changedAt: isChange(request) ? performance.now() : known.changedAt,
  };
  return response;
}

function isForAnybody(request: Request): boolean {
  const isFresh = performance.now() - known.changedAt < FRESH_MS;
  return (
    known.isBehindEdge && !known.isPrivate && !isFresh && request.headers.has("Authorization") && isPublic(request)
  );
}

function isChange({ method, url }: Request): boolean {
  return method !== "GET" && !url.endsWith("/quotes");
}

/** Whether a request reads what is the same for everybody; lists of drafts, and of what somebody made, are not. */
export function isPublic({ method, url }: Pick<Request, "method" | "url">): boolean {
  const { pathname, searchParams } = new URL(url);
  const mayHaveDrafts = searchParams.has("creator") || searchParams.get("status") === "DRAFT";
  return method === "GET" && PUBLIC.test(unplaced(pathname)) && !mayHaveDrafts;
}
