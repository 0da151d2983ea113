/**
 * Credits, shares and prices in the reader's locale.
 *
 * What somebody has or gets is rounded down and what it costs is rounded up: nothing looks better than it is. Rounding is done
 * here, in integers: browsers of 2023 have no rounding modes and read decimal strings as floats. And nothing that is not
 * decided is ever shown as certain.
 */

import { fromMicros, toMicros } from "./micros";
import { onDemand } from "./on-demand";

const CENT = 10_000n;

const cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 } as const;
const credits = onDemand(() => new Intl.NumberFormat(undefined, cents));
const signedCredits = onDemand(() => new Intl.NumberFormat(undefined, { ...cents, signDisplay: "exceptZero" }));
const shares = onDemand(() => new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 }));
const exact = onDemand(() => new Intl.NumberFormat(undefined, { maximumFractionDigits: 6 }));
const whole = onDemand(() => new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 }));
const signedWhole = onDemand(
  () => new Intl.NumberFormat(undefined, { maximumFractionDigits: 0, signDisplay: "exceptZero" }),
);
const tenths = onDemand(() => new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }));
const unitPrice = onDemand(
  () => new Intl.NumberFormat(undefined, { minimumFractionDigits: 3, maximumFractionDigits: 3 }),
);
const percent = onDemand(() => new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 }));
const finePercent = onDemand(
  () =>
    new Intl.NumberFormat(undefined, {
      style: "percent",
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    }),
);
const payoutPercent = onDemand(() => new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 4 }));

/** Whole hundredths, rounded down, as a number. */
function floored(decimal: string): number {
  const micros = toMicros(decimal);
  const hundredths = micros / CENT - (micros % CENT < 0n ? 1n : 0n);
  return Number(fromMicros(hundredths * CENT));
}

/** Whole hundredths, rounded up, as a number. */
function ceiled(decimal: string): number {
  const micros = toMicros(decimal);
  const hundredths = micros / CENT + (micros % CENT > 0n ? 1n : 0n);
  return Number(fromMicros(hundredths * CENT)) + 0; // never minus zero
}

export function formatCredits(decimal: string): string {
  return credits().format(floored(decimal));
}

export function formatCost(decimal: string): string {
  return credits().format(ceiled(decimal));
}

/** What a purchase cost, or what a sale brought. */
export function formatTraded({ side, amount }: { side: "buy" | "sell"; amount: string }): string {
  return side === "buy" ? formatCost(amount) : formatCredits(amount);
}

/** With its sign, for gains and losses. */
export function formatChange(decimal: string): string {
  return signedCredits().format(floored(decimal));
}

/** The class of a change, by the sign with which it is shown: what is shown as zero has none. */
export function classOfChange(decimal: string): "gain" | "loss" | "" {
  const shown = floored(decimal);
  return shown < 0 ? "loss" : shown > 0 ? "gain" : "";
}

/** Shares, rounded down; what is less than a hundredth is still not nothing. */
export function formatShares(decimal: string): string {
  const shown = floored(decimal);
  return shown === 0 ? exact().format(Number(decimal)) : shares().format(shown);
}

/** Points of a track record: a whole number is enough, with its sign. */
export function formatPointsOf(decimal: string): string {
  return signedWhole().format(Number(decimal));
}

/** A Brier score: from 0, which is best, to 1. */
export function formatBrier(decimal: string): string {
  return unitPrice().format(Number(decimal));
}

export function formatCount(count: number): string {
  return whole().format(count);
}

const SIZES: readonly [number, string][] = [
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "K"],
];

/** About how much: the figure is the reader's, the letter English. */
export function formatVolume(decimal: string): string {
  const value = Number(decimal);
  // What would be rounded up to a thousand of one size is one of the next.
  const [size, letter] = SIZES.find(([least]) => value >= least * 0.99995) ?? [1, ""];
  return tenths().format(value / size) + letter;
}

/** A price as what a share costs; near the ends with all its decimals, for there they matter. */
export function formatUnitPrice(decimal: string): string {
  const value = Number(decimal);
  const isExtreme = (value > 0 && value < 0.001) || (value > 0.999 && value < 1);
  return (isExtreme ? exact() : unitPrice()).format(value);
}

const LEAST = 0.001;
const MOST = 0.999;

/** The price of what is not decided as a chance; near the ends with a decimal, and never none or all. */
export function formatChance(price: string | number): string {
  const value = Number(price);
  return value < 0.01 || value > 0.99 ? formatFineChance(value) : percent().format(value);
}

/** The same with a decimal. */
export function formatFineChance(price: string | number): string {
  const value = Number(price);
  if (value < LEAST) {
    return `<${finePercent().format(LEAST)}`;
  }
  return value > MOST ? `>${finePercent().format(MOST)}` : finePercent().format(value);
}

/** A mark on a scale of chances, whose ends nothing reaches. */
export function formatScale(part: number): string {
  return percent().format(part);
}

/** What a share pays once the market is decided, as a part of a credit. */
export function formatPayoutRate(rate: string): string {
  return payoutPercent().format(Number(rate));
}

/** A difference of prices in percentage points, without its sign. */
export function formatPoints(difference: number): string {
  return tenths().format(Math.abs(difference) * 100);
}
