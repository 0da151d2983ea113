/** Exact arithmetic on the API's decimal strings: integers of millionths, never floating point. */

const DIGITS = 6;
const ONE = 10n ** BigInt(DIGITS);

/** The millionths of a decimal string of at most six decimals. */
export function toMicros(decimal: string): bigint {
  const isNegative = decimal.startsWith("-");
  const [whole = "0", fraction = ""] = decimal.replace("-", "").split(".");
  const micros = BigInt(whole) * ONE + BigInt(fraction.padEnd(DIGITS, "0"));
  return isNegative ? -micros : micros;
}

/** The decimal string of millionths, with six decimals as the API writes them. */
export function fromMicros(micros: bigint): string {
  const size = micros < 0n ? -micros : micros;
  const fraction = String(size % ONE).padStart(DIGITS, "0");
  return `${micros < 0n ? "-" : ""}${size / ONE}.${fraction}`;
}

export function subtract(left: string, right: string): string {
  return fromMicros(toMicros(left) - toMicros(right));
}

export function sum(decimals: readonly string[]): string {
  return fromMicros(decimals.reduce((total, decimal) => total + toMicros(decimal), 0n));
}

/** A share of an amount, rounded down. */
export function portion(decimal: string, percent: number): string {
  return fromMicros((toMicros(decimal) * BigInt(percent)) / 100n);
}

/** What shares pay at so many credits each, rounded down as the settlement does. */
export function payout(holdings: readonly { quantity: string; rate: string }[]): string {
  const total = holdings.reduce((sum, { quantity, rate }) => sum + toMicros(quantity) * toMicros(rate), 0n);
  return fromMicros(total / ONE);
}

export function isPositive(decimal: string): boolean {
  return toMicros(decimal) > 0n;
}

export function isAbove(left: string, right: string): boolean {
  return toMicros(left) > toMicros(right);
}

/** ln n for n from 2 to 20, in units of 10⁻²⁰. */
const LOGARITHMS = [
  69314718055994530941n,
  109861228866810969139n,
  138629436111989061883n,
  160943791243410037460n,
  179175946922805500081n,
  194591014905531330510n,
  207944154167983592825n,
  219722457733621938279n,
  230258509299404568401n,
  239789527279837054406n,
  248490664978800031022n,
  256494935746153673605n,
  263905732961525861452n,
  270805020110221006599n,
  277258872223978123766n,
  283321334405621608024n,
  289037175789616469220n,
  294443897916644046000n,
  299573227355399099343n,
];

/**
 * What publishing a market costs its creator: b ln n, rounded up to the millionth.
 *
 * @param liquidity b, a decimal string.
 * @param outcomes n, from 2 to 20.
 */
export function subsidy(liquidity: string, outcomes: number): string {
  const logarithm = LOGARITHMS[outcomes - 2];
  if (logarithm === undefined) {
    throw new RangeError(`a market has 2 to 20 outcomes, not ${outcomes}`);
  }
  const unit = 10n ** 20n;
  return fromMicros((toMicros(liquidity) * logarithm + unit - 1n) / unit);
}
