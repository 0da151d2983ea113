/** What the form of a market holds, and what it means to the API. */

import type { Draft, Edit } from "../../api/commands";
import type { Market } from "../../api/reads";
import { parseAmount, typedAmount } from "../../format/amount-input";
import { isAbove, subsidy } from "../../format/micros";
import { instantOf, localTime } from "../../format/times";

/** All as typed. */
export interface FormValues {
  readonly name: string;
  readonly slug: string;
  readonly rules: string;
  readonly description: string;
  readonly outcomes: readonly string[];
  readonly liquidity: string;
  readonly closesAt: string;
  readonly tags: string;
}

export const BLANK: FormValues = {
  name: "",
  slug: "",
  rules: "",
  description: "",
  outcomes: ["YES", "NO"],
  liquidity: "100",
  closesAt: "",
  tags: "",
};

const LEAST = "1";
const MOST = "1000000";

/** What publishing will cost; undefined where the liquidity is none. */
export function costOf({ liquidity, outcomes }: FormValues): string | undefined {
  const amount = parseAmount(liquidity);
  if (amount === undefined || isAbove(LEAST, amount) || isAbove(amount, MOST)) {
    return undefined;
  }
  return subsidy(amount, outcomes.length);
}

export function valuesOf(market: Market): FormValues {
  return {
    name: market.name,
    slug: market.slug,
    rules: market.rules,
    description: market.description,
    outcomes: market.outcomes.map((outcome) => outcome.name),
    liquidity: typedAmount(market.liquidity),
    closesAt: market.closes_at === null ? "" : localTime(market.closes_at),
    tags: market.tags.join(", "),
  };
}

/** What was changed of a draft. What nobody has touched is not sent: a field shows an instant without its seconds. */
export function editOf(values: FormValues, market: Market): Edit {
  const before = contentOf(valuesOf(market));
  const after = contentOf(values);
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof Content]),
  );
  return Object.fromEntries(changed);
}

export function draftOf(values: FormValues): Draft {
  const { closes_at, ...content } = contentOf(values);
  return { ...content, slug: slugOf(values), ...(closes_at === null ? {} : { closes_at }) };
}

/** The address that somebody has typed or pasted. */
export function slugOf({ slug }: Pick<FormValues, "slug">): string {
  return slug.trim();
}

/** The tags that somebody has typed, as tags are written: small, and without the sign that some put before them. */
export function tagsOf(typed: string): string[] {
  return typed
    .split(/[,،、，;；]/)
    .map((tag) => tag.trim().replace(/^#/, "").toLowerCase())
    .filter((tag) => tag !== "");
}

/** What a form says of a market, but for its address. */
interface Content {
  readonly name: string;
  readonly description: string;
  readonly rules: string;
  readonly outcomes: string[];
  readonly liquidity: string;
  readonly tags: string[];
  readonly closes_at: string | null;
}

function contentOf(values: FormValues): Content {
  const liquidity = parseAmount(values.liquidity);
  return {
    name: values.name.trim(),
    description: values.description,
    rules: values.rules,
    outcomes: values.outcomes.map((name) => name.trim()),
    liquidity: liquidity === undefined ? values.liquidity : typedLiquidity(liquidity),
    tags: tagsOf(values.tags),
    closes_at: instantOf(values.closesAt) ?? null,
  };
}

/** An amount without zeros that say nothing. */
function typedLiquidity(amount: string): string {
  return amount.includes(".") ? amount.replace(/\.?0+$/, "") : amount;
}
