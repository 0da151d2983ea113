/**
 * Credits, shares and prices in the reader's locale. Decimal strings are formatted as they are, never as floats.
 *
 * What somebody has or gets is rounded down and what it costs is rounded up: nothing looks better than it is.
 */

type Formattable = Intl.StringNumericLiteral;

const cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 } as const;
const credits = new Intl.NumberFormat(undefined, { ...cents, roundingMode: "floor" });
const cost = new Intl.NumberFormat(undefined, { ...cents, roundingMode: "ceil" });
const signedCredits = new Intl.NumberFormat(undefined, { ...cents, roundingMode: "floor", signDisplay: "exceptZero" });
const shares = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2, roundingMode: "floor" });
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const unitPrice = new Intl.NumberFormat(undefined, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });
const finePercent = new Intl.NumberFormat(undefined, {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const points = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

function literal(decimal: string): Formattable {
  return decimal as Formattable;
}

export function formatCredits(decimal: string): string {
  return credits.format(literal(decimal));
}

export function formatCost(decimal: string): string {
  return cost.format(literal(decimal));
}

/** What a purchase cost, or what a sale brought. */
export function formatTraded({ side, amount }: { side: "buy" | "sell"; amount: string }): string {
  return side === "buy" ? formatCost(amount) : formatCredits(amount);
}

/** With its sign, for gains and losses. */
export function formatChange(decimal: string): string {
  return signedCredits.format(literal(decimal));
}

/** The class of a change, by the sign with which it is shown: what is shown as zero has none. */
export function classOfChange(decimal: string): "gain" | "loss" | "" {
  const signs = signedCredits.formatToParts(literal(decimal)).map((part) => part.type);
  return signs.includes("minusSign") ? "loss" : signs.includes("plusSign") ? "gain" : "";
}

export function formatShares(decimal: string): string {
  return shares.format(literal(decimal));
}

export function formatCount(count: number): string {
  return whole.format(count);
}

export function formatVolume(decimal: string): string {
  return compact.format(literal(decimal));
}

/** A price as what a share costs. */
export function formatUnitPrice(decimal: string): string {
  return unitPrice.format(literal(decimal));
}

/** A price as a chance; near the ends with a decimal, for there it matters. */
export function formatChance(price: string | number): string {
  const value = Number(price);
  const isExtreme = (value > 0 && value < 0.01) || (value > 0.99 && value < 1);
  return (isExtreme ? finePercent : percent).format(value);
}

export function formatFineChance(price: string | number): string {
  return finePercent.format(Number(price));
}

/** A difference of prices in percentage points, without its sign. */
export function formatPoints(difference: number): string {
  return points.format(Math.abs(difference) * 100);
}
