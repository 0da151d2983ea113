/** Why something did not work, in words for a person: the API's problem details, or what the network has to say. */

import type { components } from "./schema";

type ProblemDetails = components["schemas"]["ProblemDetails"];

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

  /** Whether the request may still have had its effect: nobody said that it was refused. */
  get isUndecided(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

/** What an unsuccessful answer says; a gateway in between may have answered in its own words. */
export function problemOf(body: unknown, status: number): Problem {
  if (!isProblemDetails(body)) {
    return new Problem("Something went wrong", `The server answered ${status}. Try again in a moment.`, status);
  }
  const detail = body.detail ?? "The server could not finish this. Try again; it is safe.";
  const fields = Object.fromEntries((body.errors ?? []).map((error) => [error.field, error.detail]));
  return new Problem(body.title, detail, status, body.code ?? "", fields);
}

/** What a failed fetch means. */
export function problemOfFailure(failure: unknown): Problem {
  if (failure instanceof Problem) {
    return failure;
  }
  if (failure instanceof DOMException && failure.name === "TimeoutError") {
    return new Problem("No answer", "The server took too long. Try again; nothing is done twice.");
  }
  if (failure instanceof TypeError) {
    return new Problem("No connection", "Hunch cannot be reached. It goes on by itself once you are online again.");
  }
  throw failure;
}

function isProblemDetails(body: unknown): body is ProblemDetails {
  return typeof body === "object" && body !== null && "title" in body && "status" in body;
}
