/** Problems in the page's words: the same titles as the pages that explain them. */

import { type Problem } from "../api/problem";
import { EXPLANATIONS } from "../pages/problem/explanations";

export interface ProblemWords {
  readonly title: string;
  readonly message: string;
}

/** Problems whose detail says what no general words can: why, which limit, what to do instead. */
const TELLING = new Set(["forbidden", "limit-exceeded", "degraded", "validation-failed"]);

/** Problems that people meet on the page too, where nobody sees keys and headers. */
const HERE: Readonly<Record<string, string>> = {
  "account-not-found": "Nobody has this account. It is the short name in small letters that Admin, People shows.",
  "too-many-requests":
    "You have asked for more than your share in a short time. Nothing was done. Wait a minute, then try again.",
  contention:
    "So many people are trading that this did not get its turn. Try again in a moment: it is never done twice.",
  "request-timeout": "Your connection is so slow that not all of it arrived. Nothing was done: try again.",
};

/** What to say of a problem. */
export function wordsOf(problem: Problem): ProblemWords {
  const { code, title, message } = problem;
  const explanation = Object.hasOwn(EXPLANATIONS, code) ? EXPLANATIONS[code] : undefined;
  if (explanation === undefined) {
    return { title, message };
  }
  return {
    title: explanation.title,
    message: TELLING.has(code) ? message : (HERE[code] ?? `${explanation.meaning} ${explanation.remedy}`),
  };
}
