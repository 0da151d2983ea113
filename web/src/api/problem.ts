/** Why something did not work, in words for a person: the API's problem details, or what the network has to say. */

import type { components } from "./schema";

type ProblemDetails = components["schemas"]["ProblemDetails"];

/** The code of the problem that ends a session. */
export const UNAUTHENTICATED = "unauthenticated";

export class Problem extends Error {
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly fields: Readonly<Record<string, string>>;

  constructor(title: string, detail: string, status = 0, code = "", fields: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.title = title;
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  /** Whether the request may have had its effect all the same: nobody said what became of it. */
  get isUnanswered(): boolean {
    return this.status === 0 || this.status === 408 || this.status >= 500;
  }

  /** Whether an earlier attempt may have had its effect: this one was turned away before anybody looked for that. */
  get isUndecided(): boolean {
    return this.isUnanswered || this.status === 401 || this.status === 429;
  }
}

/** What an unsuccessful answer says; a gateway in between may have answered in its own words. */
export function problemOf(body: unknown, status: number): Problem {
  if (!isProblemDetails(body)) {
    return new Problem("Something went wrong", `The server answered ${status}. Try again in a moment.`, status);
  }
  const detail = body.detail ?? "The server could not finish this. Try again in a moment.";
  const fields = Object.fromEntries((body.errors ?? []).map((error) => [error.field, error.detail]));
  return new Problem(body.title, detail, status, body.code ?? "", fields);
}

/** Nothing can be reached. Only the transport says so: whatever else fails is no matter of the network's. */
export function noConnection(): Problem {
  return new Problem("No connection", "Hunch cannot be reached. Look at your connection, then try again.");
}

/** Nothing was heard in time. */
export function noAnswer(): Problem {
  return new Problem("No answer", "The server took too long. Try again in a moment.");
}

/** What a failure means, whatever was thrown. */
export function problemOfFailure(failure: unknown): Problem {
  if (failure instanceof Problem) {
    return failure;
  }
  if (failure instanceof SyntaxError) {
    // What is no answer of Hunch's, as from a network that wants a sign-in first, decides nothing.
    return new Problem(
      "No proper answer",
      "Something else than Hunch has answered. Check your connection, then try again.",
    );
  }
  const said = failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure);
  return new Problem("This page has made a mistake", `Load it again. If that does not help, report this: ${said}`);
}

function isProblemDetails(body: unknown): body is ProblemDetails {
  return typeof body === "object" && body !== null && "title" in body && "status" in body;
}
