/** The colour of each outcome, the same wherever it is shown: yes and no for two, a series for more, up to the most there are. */

const SERIES = 20;

/** The name of the custom property with an outcome's colour. */
export function outcomeColor(index: number, outcomes: number): string {
  if (outcomes === 2) {
    return index === 0 ? "--yes" : "--no";
  }
  return `--series-${(index % SERIES) + 1}`;
}

/** The colour as a style can use it. */
export function outcomeStyle(index: number, outcomes: number): { "--outcome": string } {
  return { "--outcome": `var(${outcomeColor(index, outcomes)})` };
}
