/** What goes wrong, with a stable code. */

/** A member of a request that is wrong. */
export interface FieldError {
  field: string;
  detail: string;
}

/** A request did not succeed: the instance refused or failed, or it did not answer (code `unreachable`). */
export class HunchError extends Error {
  override readonly name = "HunchError";
  /** The stable name of what happened, such as `insufficient-funds`. */
  readonly code: string;
  /** The HTTP status; undefined where nothing was answered. */
  readonly status: number | undefined;
  /** Which members of the request are wrong, for a `validation-failed`. */
  readonly errors: readonly FieldError[];
  /** The idempotency key of a request that may have been carried out: the same call with this key is safe. */
  readonly key: string | undefined;

  constructor(code: string, message: string, more: { status?: number; errors?: FieldError[]; key?: string } = {}) {
    super(`${code}: ${message}`);
    this.code = code;
    this.status = more.status;
    this.errors = more.errors ?? [];
    this.key = more.key;
  }
}

/** The error that an answer tells of. */
export function errorOf(problem: unknown, status: number, key?: string): HunchError {
  const { code, title, detail, errors } = (typeof problem === "object" && problem !== null ? problem : {}) as {
    code?: string;
    title?: string;
    detail?: string;
    errors?: FieldError[];
  };
  const message = detail ?? title ?? `status ${String(status)}; is it the address of an instance?`;
  const fallback = title === undefined ? "unreachable" : "internal-server-error";
  return new HunchError(code ?? fallback, message, {
    status,
    ...(errors && { errors }),
    ...(key !== undefined && { key }),
  });
}
