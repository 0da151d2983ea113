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

/** Signs that some keypad has for a point, whatever the locale: Arabic, and the comma, which often is all there is. */
const MARKS = /[.,٫،]/g;

/** Where the digits of other scripts begin: whoever types them means them, also in an English browser. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0xff10];

/**
 * The ASCII decimal string that the API takes for what somebody typed; undefined when it is no amount.
 *
 * A mark counts as one between thousands only where it stands like one and the locale uses it so, or where another mark follows
 * as the decimal one; so "12.5" and "12,5" are twelve and a half everywhere, and "0.500" one half.
 */
export function parseAmount(text: string, locale?: string): string | undefined {
  const { group, digits } = separatorsOf(locale);
  const ascii = Array.from(text, (sign) => digitOf(sign, digits)).join("");
  const compact = ascii.replace(/[\s’'٬]/gu, "");
  const match = DECIMAL.exec(pointed(compact, group).replace(/^\./, "0."));
  if (match === null) {
    return undefined;
  }
  const [, whole = "0", fraction = ""] = match;
  const canonical = whole.replace(/^0+(?=\d)/, "");
  return fraction === "" ? canonical : `${canonical}.${fraction}`;
}

function digitOf(sign: string, digits: readonly string[]): string {
  const own = digits.indexOf(sign);
  if (own >= 0) {
    return String(own);
  }
  const code = sign.codePointAt(0) ?? 0;
  const zero = ZEROS.find((start) => code >= start && code < start + 10);
  return zero === undefined ? sign : String(code - zero);
}

/** The text with a point for its decimal mark and none between its thousands. */
function pointed(text: string, group: string): string {
  const marks = new Set(text.match(MARKS));
  const [first, second] = [...marks];
  if (first === undefined) {
    return text;
  }
  if (second !== undefined) {
    return hasThousands(text, first, second) ? text.replaceAll(first, "").replace(second, ".") : text;
  }
  return first === group && hasThousands(text, first, undefined)
    ? text.replaceAll(first, "")
    : text.replace(first, ".");
}

/** An amount of the API as somebody would type it. */
export function typedAmount(amount: string, locale?: string): string {
  const { decimal } = separatorsOf(locale);
  return amount.replace(/\.?0+$/, (zeros) => (amount.includes(".") ? "" : zeros)).replace(".", decimal);
}

function hasThousands(text: string, group: string, decimal: string | undefined): boolean {
  const [whole = "", ...rest] = decimal === undefined ? [text] : text.split(decimal);
  const [first = "", ...thousands] = whole.split(group);
  return (
    rest.length <= 1 &&
    thousands.length > 0 &&
    /^[1-9]\d{0,2}$/.test(first) &&
    thousands.every((part) => /^\d{3}$/.test(part))
  );
}
