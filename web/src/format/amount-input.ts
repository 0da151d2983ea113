/** Amounts as people type them where they live, and as the API takes them. */

const DECIMAL = /^(\d{1,12})(?:\.(\d{0,6}))?$/;

interface Separators {
  readonly group: string;
  readonly decimal: string;
}

function separatorsOf(locale: string | undefined): Separators {
  const format = new Intl.NumberFormat(locale, { useGrouping: true });
  const parts = format.formatToParts(1_234_567.5);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return { group: of("group"), decimal: of("decimal") };
}

/** Signs that some keypad has for a point, whatever the locale: Arabic, and the comma, which often is all there is. */
const MARKS = /[.,٫،]/g;
const WIDE: Readonly<Record<string, string>> = { "．": ".", "，": "," };

/** What comes along when an amount is copied from somewhere: blanks, marks of direction, signs between thousands, currencies. */
const COPIED = /[\s\p{Cf}’'٬]|^[\p{Cf}\s]*\p{Sc}|\p{Sc}[\p{Cf}\s]*$/gu;

/** A digit that people write with. Ten from zero on are neighbours, and between two such runs is something else. */
const DIGIT = /^(?![𝟎-𝟿])\p{Decimal_Number}$/u;

/**
 * The ASCII decimal string that the API takes for what somebody typed; undefined when it is no amount.
 *
 * A mark counts as one between thousands only where it stands like one and the locale uses it so, or where another mark follows
 * as the decimal one; so "12.5" and "12,5" are twelve and a half everywhere, and "0.500" one half.
 */
export function parseAmount(text: string, locale?: string): string | undefined {
  const { group } = separatorsOf(locale);
  const compact = Array.from(text.replace(COPIED, ""), asciiOf).join("");
  const match = DECIMAL.exec(pointed(compact, group).replace(/^\./, "0."));
  if (match === null) {
    return undefined;
  }
  const [, whole = "0", fraction = ""] = match;
  const canonical = whole.replace(/^0+(?=\d)/, "");
  return fraction === "" ? canonical : `${canonical}.${fraction}`;
}

/** The ASCII sign for a digit of any script: whoever types them means them, also in an English browser. */
function asciiOf(sign: string): string {
  if (!DIGIT.test(sign)) {
    return WIDE[sign] ?? sign;
  }
  const code = sign.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && DIGIT.test(String.fromCodePoint(code - value - 1))) {
    value++;
  }
  return String(value);
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
    (thousands.every((part) => /^\d{3}$/.test(part)) || areIndian(first, thousands))
  );
}

/** Whether the groups are those of lakh and crore: three digits at the end, two in each before. */
function areIndian(first: string, groups: readonly string[]): boolean {
  return (
    first.length <= 2 &&
    /^\d{3}$/.test(groups.at(-1) ?? "") &&
    groups.slice(0, -1).every((part) => /^\d{2}$/.test(part))
  );
}
