/** Problems in the page's words: the same titles as the pages that explain them. */

import { type Problem } from "../api/problem";
import { EXPLANATIONS } from "../pages/problem/explanations";

export interface ProblemWords {
  readonly title: string;
  readonly message: string;
}

/** Problems whose detail says what no general words can: why, which limit, what to do instead. */
const TELLING = new Set(["forbidden", "limit-exceeded", "degraded", "validation-failed"]);

/** What to say of a problem. */
export function wordsOf(problem: Problem): ProblemWords {
  const { code, title, message } = problem;
  const explanation = Object.hasOwn(EXPLANATIONS, code) ? EXPLANATIONS[code] : undefined;
  if (explanation === undefined) {
    return { title, message };
  }
  return {
    title: explanation.title,
    message: TELLING.has(code) ? message : `${explanation.meaning} ${explanation.remedy}`,
  };
}
