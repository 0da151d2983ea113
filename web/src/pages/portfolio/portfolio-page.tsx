/** What the reader has: equity, positions, trades, and every movement of their money. */

import "./portfolio-page.css";

import { portfolioQuery, resultsQuery } from "../../api/reads";
import { useQuery } from "../../api/use-query";
import { ErrorNotice } from "../../components/notice";
import { Page } from "../../components/page";
import { SignInFirst } from "../../components/sign-in-first";
import { SkeletonRows } from "../../components/skeleton";
import { Tabs } from "../../components/tabs";
import { sum } from "../../format/micros";
import { Link } from "../../routing/link";
import { session } from "../../session/session";
import { useStore } from "../../store";
import { Equity } from "./equity";
import { Journal } from "./journal";
import { OverTime } from "./over-time";
import { OwnMarkets } from "./own-markets";
import { OwnTrades } from "./own-trades";
import { Positions } from "./positions";
import { Results } from "./results";
import { useWorths, worthOfAll } from "./use-worths";

const EVERY_MS = 5_000;

export default function PortfolioPage() {
  const user = useStore(session);
  return (
    <Page
      title="Portfolio"
      aside={
        user !== undefined && (
          <div class="row">
            <Link href="/api-keys" class="button">
              API keys
            </Link>
            <Link href="/webhooks" class="button">
              Webhooks
            </Link>
          </div>
        )
      }
    >
      {user === undefined ? <SignInFirst what="see what you have" /> : <Holdings account={user.account} />}
    </Page>
  );
}

function Holdings({ account }: { account: string }) {
  const { problem: noResults } = useQuery(resultsQuery(account));
  const { data: portfolio, problem, retry } = useQuery(portfolioQuery, EVERY_MS);
  const valued = useWorths(portfolio?.positions ?? []);
  if (portfolio === undefined) {
    return problem === undefined ? (
      <SkeletonRows rows={5} height="4rem" />
    ) : (
      <ErrorNotice problem={problem} onRetry={retry} />
    );
  }
  return (
    <>
      <Equity portfolio={portfolio} valued={valued} />
      <Tabs
        label="What you have and did"
        tabs={[
          { label: "Positions", panel: () => <Positions valued={valued} /> },
          { label: "My markets", panel: () => <OwnMarkets account={account} /> },
          ...(noResults?.status === 404 ? [] : [{ label: "Resolved", panel: () => <Results account={account} /> }]),
          { label: "Over time", panel: () => <OverTime equity={sum([portfolio.balance, worthOfAll(valued)])} /> },
          { label: "Trades", panel: () => <OwnTrades /> },
          { label: "Journal", panel: () => <Journal /> },
        ]}
      />
    </>
  );
}
