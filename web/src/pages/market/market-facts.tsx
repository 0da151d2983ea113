/** The line under a market's question. */

import { isFinal, type Market } from "../../api/reads";
import { followed } from "../../api/stream";
import { Name, Words } from "../../components/live";
import { Person } from "../../components/person";
import { StatusBadge } from "../../components/status-badge";
import { closingWords } from "../../format/closing";
import { formatCount, formatVolume } from "../../format/numbers";
import { Link } from "../../routing/link";
import { useStore } from "../../store";

export function MarketFacts({ market }: { market: Market }) {
  const isFollowed = useStore(followed).has(market.slug);
  const closing = closingWords(market);
  return (
    <div class="market-facts">
      <StatusBadge status={market.status} />
      <Words>{`${formatVolume(market.volume)} credits in ${formatCount(market.trade_count)} ${market.trade_count === 1 ? "trade" : "trades"}`}</Words>
      {closing !== undefined && <Words>{closing}</Words>}
      <span>
        asked by <Person account={market.creator} />
      </span>
      {market.tags.map((tag) => (
        <Link key={tag} class="badge" href={`/?tag=${encodeURIComponent(tag)}`}>
          #<Name>{tag}</Name>
        </Link>
      ))}
      {!isFinal(market) && (
        // Its place is kept, so that nothing moves when it comes.
        <span class="badge badge-live" style={{ visibility: isFollowed ? "visible" : "hidden" }}>
          Live
        </span>
      )}
    </div>
  );
}
