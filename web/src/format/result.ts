/** What came of something for somebody, in words. */

import { classOfChange, formatCost, formatCredits } from "./numbers";

/** "You won 12.40": a gain is rounded down and a loss up, as everywhere. */
export function resultWords(profit: string): string {
  switch (classOfChange(profit)) {
    case "gain":
      return `You won ${formatCredits(profit)}`;
    case "loss":
      return `You lost ${formatCost(profit.replace("-", ""))}`;
    default:
      return "You came out even";
  }
}

export { classOfChange as classOfResult } from "./numbers";
