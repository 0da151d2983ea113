/** What the reader had over time, as a line and in words. */

import { useQuery } from "../../api/use-query";
import { type Worth, worthQuery } from "../../api/worth";
import { EmptyState } from "../../components/empty-state";
import { ErrorNotice } from "../../components/notice";
import { Skeleton } from "../../components/skeleton";
import { formatCredits } from "../../format/numbers";
import { formatDay } from "../../format/times";
import { now } from "../../platform/clock";

const WIDTH = 600;
const HEIGHT = 200;
const MARGIN = 4;

/** @param equity what the reader has now, in credits. */
export function OverTime({ equity }: { equity: string }) {
  const { data, problem, retry } = useQuery(worthQuery);
  if (data === null) {
    return (
      <EmptyState title="There is too much to draw">A line is drawn of up to 1,000 movements of money.</EmptyState>
    );
  }
  if (data === undefined) {
    return problem === undefined ? <Skeleton height="16rem" /> : <ErrorNotice problem={problem} onRetry={retry} />;
  }
  const today = { time: new Date(now()).toISOString(), amount: equity };
  return <Line worths={[...data, today]} />;
}

function Line({ worths }: { worths: readonly Worth[] }) {
  const amounts = worths.map(({ amount }) => Number(amount));
  const [least, most] = [Math.min(...amounts), Math.max(...amounts)];
  const [first, last] = [worths[0], worths.at(-1)];
  return (
    <figure class="over-time">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path d={pathOf(worths, least, most)} vectorEffect="non-scaling-stroke" />
      </svg>
      <div class="row row-apart soft small" translate={false}>
        <span>{first !== undefined && formatDay(first.time)}</span>
        <span>now</span>
      </div>
      <figcaption>
        From {formatCredits(first?.amount ?? "0")} to {formatCredits(last?.amount ?? "0")} credits; between{" "}
        {formatCredits(least.toFixed(6))} and {formatCredits(most.toFixed(6))} on the way.{" "}
        <span class="soft">
          Shares count as what they cost until their market is decided, and now as what they would sell for.
        </span>
      </figcaption>
    </figure>
  );
}

/** Steps: what somebody has stays until something happens. */
function pathOf(worths: readonly Worth[], least: number, most: number): string {
  const times = worths.map(({ time }) => Date.parse(time));
  const start = times[0] ?? 0;
  const duration = (times.at(-1) ?? 0) - start || 1;
  const span = most - least || 1;
  const steps = worths.map(({ amount }, index) => {
    const x = (((times[index] ?? start) - start) / duration) * WIDTH;
    const y = HEIGHT - MARGIN - ((Number(amount) - least) / span) * (HEIGHT - 2 * MARGIN);
    return index === 0 ? `M${x.toFixed(1)} ${y.toFixed(1)}` : `H${x.toFixed(1)}V${y.toFixed(1)}`;
  });
  return steps.join("");
}
