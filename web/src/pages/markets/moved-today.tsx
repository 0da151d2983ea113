/** What moved most in the last day. */

import { Name } from "../../components/live";
import type { Market } from "../../api/reads";
import { outcomeStyle } from "../../chart/palette";
import { Sparkline } from "../../chart/sparkline";
import { Change } from "../../components/change";
import { Skeleton } from "../../components/skeleton";
import { formatChance } from "../../format/numbers";
import { Link } from "../../routing/link";
import type { Trend } from "./trend";

const SHOWN = 3;
const WORTH_TELLING = 0.005;

interface Row {
  readonly market: Market;
  readonly trend: Trend;
}

export function MovedToday({ rows }: { rows: readonly Row[] | undefined }) {
  if (rows?.length === 0) {
    return null;
  }
  const isKnown = rows !== undefined;
  const movers = (rows ?? [])
    .filter(({ trend }) => Math.abs(trend.movedToday) >= WORTH_TELLING)
    .sort((one, other) => Math.abs(other.trend.movedToday) - Math.abs(one.trend.movedToday))
    .slice(0, SHOWN);
  return (
    <section class="stack" aria-labelledby="moved-today">
      <h2 id="moved-today">Moved today</h2>
      {isKnown && movers.length === 0 ? (
        <p class="movers-none card">All quiet: no price has moved since yesterday.</p>
      ) : (
        <ul class="movers">
          {isKnown
            ? movers.map((row) => <Mover key={row.market.slug} {...row} />)
            : Array.from({ length: SHOWN }, (_, index) => (
                <li key={index}>
                  <Skeleton height="100%" />
                </li>
              ))}
        </ul>
      )}
    </section>
  );
}

function Mover({ market, trend }: Row) {
  const leader = market.outcomes[trend.leader];
  return (
    <li class="mover card" style={outcomeStyle(trend.leader, market.outcomes.length)}>
      <h3>
        <Link href={`/markets/${market.slug}`}>
          <Name>{market.name}</Name>
        </Link>
      </h3>
      <div class="mover-figures">
        <p>
          <strong class="mover-chance" translate={false}>
            {formatChance(leader?.price ?? "0")}
          </strong>{" "}
          <span class="soft small">
            <Name>{leader?.name}</Name>
          </span>
          <br />
          <span class="small">
            <Change difference={trend.movedToday} />
          </span>
        </p>
        <Sparkline history={trend.history} />
      </div>
    </li>
  );
}
