/** A small line of what an outcome traded at lately; the figure beside it says the same in words. */

import "./sparkline.css";

import type { History } from "./history";

const WIDTH = 120;
const HEIGHT = 36;
const MARGIN = 3;
const LEAST_SPAN = 0.08;

export function Sparkline({ history }: { history: History | undefined }) {
  const line = history?.prices[0];
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {line !== undefined && <path d={pathOf(history?.times ?? [], line)} vectorEffect="non-scaling-stroke" />}
    </svg>
  );
}

function pathOf(times: readonly number[], line: readonly number[]): string {
  const first = times[0] ?? 0;
  const duration = (times.at(-1) ?? 0) - first || 1;
  const middle = (Math.min(...line) + Math.max(...line)) / 2;
  const span = Math.max(Math.max(...line) - Math.min(...line), LEAST_SPAN);
  const points = line.map((price, index) => {
    const x = (((times[index] ?? first) - first) / duration) * WIDTH;
    const y = HEIGHT / 2 - ((price - middle) / span) * (HEIGHT - 2 * MARGIN);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return `M${points.join("L")}`;
}
