/** What the reader has: equity, positions, trades, and every movement of their money. */

import "./portfolio-page.css";

import { portfolioQuery } from "../../api/reads";
import { useQuery } from "../../api/use-query";
import { ErrorNotice } from "../../components/notice";
import { Page } from "../../components/page";
import { SignInFirst } from "../../components/sign-in-first";
import { SkeletonRows } from "../../components/skeleton";
import { Tabs } from "../../components/tabs";
import { Link } from "../../routing/link";
import { session } from "../../session/session";
import { useStore } from "../../store";
import { Equity } from "./equity";
import { Journal } from "./journal";
import { OwnTrades } from "./own-trades";
import { Positions } from "./positions";

const EVERY_MS = 5_000;

export default function PortfolioPage() {
  const user = useStore(session);
  return (
    <Page
      title="Portfolio"
      aside={
        user !== undefined && (
          <Link href="/api-keys" class="button">
            API keys
          </Link>
        )
      }
    >
      {user === undefined ? <SignInFirst what="see what you have" /> : <Holdings />}
    </Page>
  );
}

function Holdings() {
  const { data: portfolio, problem } = useQuery(portfolioQuery, EVERY_MS);
  if (portfolio === undefined) {
    return problem === undefined ? <SkeletonRows rows={5} height="4rem" /> : <ErrorNotice problem={problem} />;
  }
  return (
    <>
      <Equity portfolio={portfolio} />
      <Positions positions={portfolio.positions} />
      <Tabs
        label="History"
        tabs={[
          { label: "Trades", panel: () => <OwnTrades /> },
          { label: "Journal", panel: () => <Journal /> },
        ]}
      />
    </>
  );
}
