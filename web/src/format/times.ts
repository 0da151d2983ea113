/** Times in the reader's time zone: near ones counted, others by their date; in English words, as the page is. */

import { now as serverNow } from "../platform/clock";
import { ENGLISH } from "./locale";
import { onDemand } from "./on-demand";

const HOUR = 3_600;
const DAY = 86_400;
/** Nearer than this a time is counted. */
const NEAR = 48 * HOUR;

const counted = onDemand(() => new Intl.RelativeTimeFormat("en", { numeric: "always", style: "long" }));
const dateTime = onDemand(() => new Intl.DateTimeFormat(ENGLISH(), { dateStyle: "medium", timeStyle: "short" }));
const day = onDemand(() => new Intl.DateTimeFormat(ENGLISH(), { dateStyle: "medium" }));
const clock = onDemand(() => new Intl.DateTimeFormat(ENGLISH(), { hour: "numeric", minute: "2-digit" }));
const preciseClock = onDemand(() => new Intl.DateTimeFormat(ENGLISH(), { timeStyle: "medium" }));
const shortDay = onDemand(() => new Intl.DateTimeFormat(ENGLISH(), { month: "short", day: "numeric" }));
const month = onDemand(() => new Intl.DateTimeFormat(ENGLISH(), { month: "short", year: "numeric" }));

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["hour", HOUR],
  ["minute", 60],
  ["second", 1],
];

/** A moment on an axis with so many seconds between its marks. */
export function formatTick(seconds: number, apart: number): string {
  const formats: readonly [number, () => Intl.DateTimeFormat][] = [
    [60, preciseClock],
    [DAY, clock],
    [28 * DAY, shortDay],
  ];
  const [, format] = formats.find(([shorter]) => apart < shorter) ?? [0, month];
  return format().format(seconds * 1000);
}

/** When something happened. It has happened, whatever this machine's clock says. */
export function formatPast(time: string, now = serverNow()): string {
  return formatNear(Math.min((Date.parse(time) - now) / 1000, 0), time, "just now");
}

/** When something is planned for. As long as it has not happened, it does not lie behind us. */
export function formatPlanned(time: string, now = serverNow()): string {
  return formatNear(Math.max((Date.parse(time) - now) / 1000, 0), time, "any moment");
}

/** A near time counted and with its time of day, so that both can be read; a far one by its date. */
function formatNear(seconds: number, time: string, atOnce: string): string {
  if (Math.abs(seconds) >= NEAR) {
    return formatDateTime(time);
  }
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  const count = Math.trunc(seconds / size);
  return count === 0 ? atOnce : `${counted().format(count, unit)}, ${clock().format(Date.parse(time))}`;
}

export function formatDateTime(time: string | number): string {
  return dateTime().format(typeof time === "number" ? time : Date.parse(time));
}

export function formatDay(time: string): string {
  return day().format(Date.parse(time));
}

/** The instant, as the API takes it, of what a date-and-time field says in the reader's time zone; undefined when empty. */
export function instantOf(local: string): string | undefined {
  const time = new Date(local);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** Whether there is no such time where the reader is: clocks are set forward over it. */
export function isSkipped(local: string): boolean {
  const instant = instantOf(local);
  return instant !== undefined && localTime(instant) !== local.slice(0, 16);
}

/** Whether what a date-and-time field says is still to come. @param now in milliseconds since 1970. */
export function isAhead(local: string, now: number): boolean {
  const instant = instantOf(local);
  return instant !== undefined && Date.parse(instant) > now;
}

/** An instant as a date-and-time field takes it. */
export function localTime(instant: string): string {
  const time = new Date(instant);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** A stretch of time that runs out, to the second: 1:02:03, or 2:03. */
export function formatCountdown(milliseconds: number): string {
  const seconds = Math.max(Math.ceil(milliseconds / 1000), 0);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}
