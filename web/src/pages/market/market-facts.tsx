/** The line under a market's question. */

import type { Market } from "../../api/reads";
import { StatusBadge } from "../../components/status-badge";
import { formatCount, formatVolume } from "../../format/numbers";
import { formatAgo, formatDateTime } from "../../format/times";
import { Link } from "../../routing/link";

export function MarketFacts({ market }: { market: Market }) {
  return (
    <div class="market-facts">
      <StatusBadge status={market.status} />
      <span>
        {formatVolume(market.volume)} credits in {formatCount(market.trade_count)}{" "}
        {market.trade_count === 1 ? "trade" : "trades"}
      </span>
      <Closing market={market} />
      <span>asked by {market.creator}</span>
      {market.tags.map((tag) => (
        <Link key={tag} class="badge" href={`/?tag=${encodeURIComponent(tag)}`}>
          #{tag}
        </Link>
      ))}
    </div>
  );
}

function Closing({ market }: { market: Market }) {
  if (market.closes_at === null) {
    return market.status === "ACTIVE" ? <span>open until closed by hand</span> : null;
  }
  const verb = market.status === "ACTIVE" || market.status === "DRAFT" ? "closes" : "closed";
  return (
    <span title={formatDateTime(market.closes_at)}>
      {verb} {formatAgo(market.closes_at)}
    </span>
  );
}
