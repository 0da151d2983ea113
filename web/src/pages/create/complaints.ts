/** What is wrong with the form of a market, field by field and in the page's words, before the server has to say so and after. */

import type { Problem } from "../../api/problem";
import { lengthOf } from "../../format/length";
import { SLUG, TAG } from "../../format/slug";
import { isAhead, isSkipped } from "../../format/times";
import { costOf, type FormValues, slugOf, tagsOf } from "./form-values";

/** What to say beside each field, by its name; beside an outcome by `outcomes.<index>`. */
export type Complaints = Readonly<Record<string, string>>;

const MOST_TAGS = 10;

/** What each field takes. */
const TAKES: Readonly<Record<string, string>> = {
  name: "Ask a question of at most 120 characters.",
  slug: "Use lower-case letters, digits and hyphens, at most 64, and no hyphen at the ends.",
  rules: "At most 10 000 characters.",
  description: "At most 10 000 characters.",
  outcomes: "From 2 to 20 outcomes, each called otherwise, in at most 40 characters.",
  liquidity: "An amount from 1 to 1,000,000.",
  closesAt: "Choose a time that is still to come, and that the clocks are not set forward over.",
  tags: "At most ten tags, each of at most 32 lower-case letters, digits and hyphens, none twice.",
};

/** What to say beside a time of which there is only the day, or the other way round. */
export const HALF_A_TIME = "Give the day and the time, or neither.";

/** How the API calls the fields. */
const FIELDS: Readonly<Record<string, string>> = { closes_at: "closesAt" };

/**
 * What is wrong with what was typed.
 *
 * @param isNew whether the address can still be chosen.
 * @param now in milliseconds; a market closes later than that.
 */
export function complaintsAbout(values: FormValues, isNew: boolean, now: number): Complaints {
  const wrong: Readonly<Record<string, boolean>> = {
    name: values.name.trim() === "" || lengthOf(values.name.trim()) > 120,
    slug: isNew && !SLUG.test(slugOf(values)),
    rules: lengthOf(values.rules) > 10_000,
    description: lengthOf(values.description) > 10_000,
    liquidity: costOf(values) === undefined,
    closesAt: values.closesAt !== "" && (!isAhead(values.closesAt, now) || isSkipped(values.closesAt)),
    tags: hasWrongTags(tagsOf(values.tags)),
  };
  const said = Object.entries(wrong).flatMap(([field, isWrong]) => (isWrong ? [[field, TAKES[field] ?? ""]] : []));
  return { ...(Object.fromEntries(said) as Complaints), ...outcomeComplaints(values.outcomes) };
}

function outcomeComplaints(outcomes: readonly string[]): Complaints {
  const names = outcomes.map((name) => name.trim());
  const said = names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (name === "") {
      return [[`outcomes.${index}`, "Give it a name."]];
    }
    if (lengthOf(name) > 40) {
      return [[`outcomes.${index}`, "At most 40 characters."]];
    }
    return first < index ? [[`outcomes.${index}`, `Outcome ${first + 1} is called so already.`]] : [];
  });
  return Object.fromEntries(said) as Complaints;
}

/** What the server found wrong, beside the fields that it means; empty where it means none of them. */
export function complaintsOf(problem: Problem | undefined): Complaints {
  if (problem?.code === "slug-taken") {
    return { slug: "Another market has this address. Choose another one." };
  }
  const said = Object.keys(problem?.fields ?? {}).flatMap((path) => {
    const [field = "", index = ""] = path.split(".");
    const own = FIELDS[field] ?? field;
    const words = TAKES[own];
    return words === undefined ? [] : [[own === "outcomes" && index !== "" ? path : own, words]];
  });
  return Object.fromEntries(said) as Complaints;
}

function hasWrongTags(tags: readonly string[]): boolean {
  return tags.length > MOST_TAGS || new Set(tags).size < tags.length || !tags.every((tag) => TAG.test(tag));
}
