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

/** The changes of a draft: everything that can be changed, as it is now. */
export function editOf(values: FormValues): Edit {
  return {
    name: values.name.trim(),
    description: values.description,
    rules: values.rules,
    outcomes: [...values.outcomes],
    liquidity: parseAmount(values.liquidity) ?? values.liquidity,
    tags: values.tags
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ""),
    closes_at: instantOf(values.closesAt) ?? null,
  };
}

export function draftOf(values: FormValues): Draft {
  const { closes_at, ...edit } = editOf(values);
  return {
    ...edit,
    name: values.name.trim(),
    slug: values.slug,
    ...(closes_at === null || closes_at === undefined ? {} : { closes_at }),
  };
}
