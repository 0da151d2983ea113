/** What people may be called. */

import { lengthOf } from "./length";

/** What a person is called at most, in characters. */
export const LONGEST_NAME = 40;

/** What nobody sees: blanks, controls, marks without a letter, and letters that are drawn as nothing. */
const UNSEEN = /^[\p{C}\p{Z}\p{M}\u115f\u1160\u2800\u3164\uffa0]*$/u;

/** Whether somebody can be called so: short enough, without characters of control, and to be seen. */
export function isName(name: string): boolean {
  return lengthOf(name) <= LONGEST_NAME && !/\p{Cc}/u.test(name) && !UNSEEN.test(name);
}
