/** Periods of the track record: all time, a year, a month, in universal time. */

import { ENGLISH } from "./locale";
import { onDemand } from "./on-demand";

const MONTHS_SHOWN = 6;

const month = onDemand(() => new Intl.DateTimeFormat(ENGLISH(), { month: "long", year: "numeric", timeZone: "UTC" }));

/** All time, the last months, this year and the one before, as the API names them. */
export function recentPeriods(now: number): readonly string[] {
  const today = new Date(now);
  const year = today.getUTCFullYear();
  const months = Array.from({ length: MONTHS_SHOWN }, (_, ago) =>
    new Date(Date.UTC(year, today.getUTCMonth() - ago, 1)).toISOString().slice(0, 7),
  );
  return ["all", ...months, String(year), String(year - 1)];
}

export function periodName(period: string): string {
  if (period === "all") {
    return "All time";
  }
  return period.length === 4 ? period : month().format(Date.parse(`${period}-01T00:00:00Z`));
}
