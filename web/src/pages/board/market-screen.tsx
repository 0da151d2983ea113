/** One market on a whole screen: its question, what it says, and how that went. */

import "../market/market-page.css";
import "./board-page.css";

import { type Market, marketQuery } from "../../api/reads";
import { LIVE, useQuery } from "../../api/use-query";
import { ErrorNotice } from "../../components/notice";
import { Heading } from "../../components/page";
import { Link } from "../../routing/link";
import { MarketChart } from "../market/market-chart";
import { useNews } from "../market/use-news";

export default function MarketScreen({ parameters: { slug = "" } }: { parameters: Readonly<Record<string, string>> }) {
  const { data: market, problem } = useQuery(marketQuery(slug), LIVE);
  return (
    <div class="screen screen-market">
      {market === undefined && problem !== undefined && <ErrorNotice problem={problem} />}
      {market !== undefined && <Shown market={market} />}
      {(market ?? problem) !== undefined && (
        <div class="row row-end">
          <Link href={`/markets/${slug}`} class="button button-small button-quiet">
            Close
          </Link>
        </div>
      )}
    </div>
  );
}

function Shown({ market }: { market: Market }) {
  useNews(market);
  return (
    <>
      <Heading title={market.name} />
      <MarketChart market={market} />
    </>
  );
}
