/** Times in the reader's locale and time zone. */

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "long" });
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

const DAY = 86_400;
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", DAY],
  ["hour", 3_600],
  ["minute", 60],
];

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const preciseClock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const shortDay = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });
const month = new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric" });

/** A moment on an axis with so many seconds between its marks. */
export function formatTick(seconds: number, apart: number): string {
  const formats: readonly [number, Intl.DateTimeFormat][] = [
    [60, preciseClock],
    [DAY, clock],
    [28 * DAY, shortDay],
  ];
  const [, format] = formats.find(([shorter]) => apart < shorter) ?? [0, month];
  return format.format(seconds * 1000);
}

/** How long ago, or in how long. */
export function formatAgo(time: string, now = Date.now()): string {
  const seconds = (Date.parse(time) - now) / 1000;
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return relative.format(Math.trunc(seconds / size), unit);
}

export function formatDateTime(time: string | number): string {
  return dateTime.format(typeof time === "number" ? time : Date.parse(time));
}

export function formatDay(time: string): string {
  return day.format(Date.parse(time));
}

/** The instant, as the API takes it, of what a date-and-time field says in the reader's time zone; undefined when empty. */
export function instantOf(local: string): string | undefined {
  const time = new Date(local);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** An instant as a date-and-time field takes it. */
export function localTime(instant: string): string {
  const time = new Date(instant);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
