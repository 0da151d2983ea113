/** A market in the list: its question, how it went lately, and what it says now. */

import type { Market } from "../../api/reads";
import { outcomeStyle } from "../../chart/palette";
import { Sparkline } from "../../chart/sparkline";
import { Change } from "../../components/change";
import { Name, Words } from "../../components/live";
import { StatusBadge } from "../../components/status-badge";
import { type Answer, answerOf } from "../../format/answer";
import { closingWords } from "../../format/closing";
import { formatChance, formatVolume } from "../../format/numbers";
import { Link } from "../../routing/link";
import { ChanceBar } from "./chance-bar";
import type { Trend } from "./trend";

export function MarketRow({ market, trend }: { market: Market; trend: Trend }) {
  const leader = market.outcomes[trend.leader];
  const answer = answerOf(market);
  // What did not happen lends its colour to nothing.
  const style = answer === undefined ? outcomeStyle(trend.leader, market.outcomes.length) : styleOf(answer, market);
  return (
    <li class="market-row" style={style}>
      <div class="market-row-question">
        <h2>
          <Link href={`/markets/${market.slug}`}>
            <Name>{market.name}</Name>
          </Link>
        </h2>
        <p class="market-row-facts">
          {market.status !== "ACTIVE" && <StatusBadge status={market.status} />}
          <Words>{`${formatVolume(market.volume)} traded`}</Words>
          {market.status === "ACTIVE" && market.closes_at !== null && <Words>{closingWords(market) ?? ""}</Words>}
          {market.tags.map((tag) => (
            <span key={tag} translate={false}>
              #{tag}
            </span>
          ))}
        </p>
      </div>
      <Sparkline history={trend.history} />
      <div class="market-row-chance">
        {answer === undefined ? (
          <>
            <strong translate={false}>{formatChance(leader?.price ?? "0")}</strong>
            <span class="market-row-leader">
              <Name>{leader?.name}</Name>
            </span>
            <span class="market-row-change">
              {trend.movedToday !== 0 && <Change difference={trend.movedToday} over="in a day" />}
            </span>
            <ChanceBar outcomes={market.outcomes} />
          </>
        ) : (
          <strong class="market-row-answer">
            <Name>{answer.words}</Name>
          </strong>
        )}
      </div>
    </li>
  );
}

function styleOf({ outcome }: Answer, { outcomes }: Market): Readonly<Record<string, string>> {
  return outcome === undefined ? {} : outcomeStyle(outcome, outcomes.length);
}
