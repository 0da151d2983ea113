/** Time. Durations are measured by a clock that nobody sets; what time it is, the server says where this machine is wrong. */

/** Beyond this the machine's clock is called wrong, in milliseconds; below it the network's delays are as large. */
const TOLERANCE_MS = 30_000;

let correctionMs = 0;

/** Milliseconds since the page began; nobody can set this clock back. */
export function elapsed(): number {
  return performance.now();
}

/** What time it is, in milliseconds since 1970, as the server says where that is known. */
export function now(): number {
  return Date.now() + correctionMs;
}

/** Learns the time from an answer: from when it was made, and for how long it has been kept on the way. */
export function learnTime(headers: Headers): void {
  const made = Date.parse(headers.get("Date") ?? "");
  if (!Number.isNaN(made)) {
    const age = Number(headers.get("Age") ?? 0) || 0;
    const difference = made + age * 1000 - Date.now();
    correctionMs = Math.abs(difference) > TOLERANCE_MS ? difference : 0;
  }
}
