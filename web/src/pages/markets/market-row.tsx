/** A market in the list: its question, how it went lately, and what it says now. */

import type { Market } from "../../api/reads";
import { outcomeStyle } from "../../chart/palette";
import { Sparkline } from "../../chart/sparkline";
import { Change } from "../../components/change";
import { StatusBadge } from "../../components/status-badge";
import { formatChance, formatVolume } from "../../format/numbers";
import { formatAgo } from "../../format/times";
import { Link } from "../../routing/link";
import { ChanceBar } from "./chance-bar";
import type { Trend } from "./trend";

export function MarketRow({ market, trend }: { market: Market; trend: Trend }) {
  const leader = market.outcomes[trend.leader];
  return (
    <li class="market-row" style={outcomeStyle(trend.leader, market.outcomes.length)}>
      <div class="market-row-question">
        <h2>
          <Link href={`/markets/${market.slug}`}>{market.name}</Link>
        </h2>
        <p class="market-row-facts">
          {market.status !== "ACTIVE" && <StatusBadge status={market.status} />}
          <span>{formatVolume(market.volume)} traded</span>
          {market.status === "ACTIVE" && market.closes_at !== null && <span>closes {formatAgo(market.closes_at)}</span>}
          {market.tags.map((tag) => (
            <span key={tag}>#{tag}</span>
          ))}
        </p>
      </div>
      <Sparkline history={trend.history} />
      <div class="market-row-chance">
        <strong>{formatChance(leader?.price ?? "0")}</strong>
        <span class="market-row-leader">{leader?.name}</span>
        <span class="market-row-change">
          {trend.movedToday !== undefined && trend.movedToday !== 0 && (
            <Change difference={trend.movedToday} over="in a day" />
          )}
        </span>
        <ChanceBar outcomes={market.outcomes} />
      </div>
    </li>
  );
}
