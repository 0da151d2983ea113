/** Amounts as people type them where they live, and as the API takes them. */

const DECIMAL = /^(\d{1,12})(?:\.(\d{0,6}))?$/;

interface Separators {
  readonly group: string;
  readonly decimal: string;
  readonly digits: readonly string[];
}

function separatorsOf(locale: string | undefined): Separators {
  const format = new Intl.NumberFormat(locale, { useGrouping: true });
  const parts = format.formatToParts(1_234_567.5);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  const digits = Array.from({ length: 10 }, (_, digit) =>
    new Intl.NumberFormat(locale, { useGrouping: false }).format(digit),
  );
  return { group: of("group"), decimal: of("decimal"), digits };
}

/**
 * The ASCII decimal string that the API takes for what somebody typed; undefined when it is no amount.
 *
 * A separator counts as one between thousands only where it stands like one, so that "12.5" is twelve and a half everywhere,
 * and "0.500" one half.
 */
export function parseAmount(text: string, locale?: string): string | undefined {
  const { group, decimal, digits } = separatorsOf(locale);
  const ascii = Array.from(text, (sign) => (digits.includes(sign) ? String(digits.indexOf(sign)) : sign)).join("");
  const compact = ascii.replace(/[\s’']/gu, "");
  const separator = group.trim() === "" || group === "’" ? undefined : group;
  const isGrouped = separator !== undefined && hasThousands(compact, separator, decimal);
  const ungrouped = isGrouped ? compact.replaceAll(separator, "") : compact;
  const match = DECIMAL.exec(ungrouped.replace(decimal, ".").replace(/^\./, "0."));
  if (match === null) {
    return undefined;
  }
  const [, whole = "0", fraction = ""] = match;
  const canonical = whole.replace(/^0+(?=\d)/, "");
  return fraction === "" ? canonical : `${canonical}.${fraction}`;
}

/** An amount of the API as somebody would type it. */
export function typedAmount(amount: string, locale?: string): string {
  const { decimal } = separatorsOf(locale);
  return amount.replace(/\.?0+$/, (zeros) => (amount.includes(".") ? "" : zeros)).replace(".", decimal);
}

function hasThousands(text: string, group: string, decimal: string): boolean {
  const [whole = "", ...rest] = text.split(decimal);
  const [first = "", ...thousands] = whole.split(group);
  return (
    rest.length <= 1 &&
    thousands.length > 0 &&
    /^[1-9]\d{0,2}$/.test(first) &&
    thousands.every((part) => /^\d{3}$/.test(part))
  );
}
