/** One market: its question, how its chances went, and the place to trade. */

import "./market-page.css";

import type { Query } from "../../api/cache";
import { commentsQuery, isFinal, type Market, marketQuery, portfolioQuery } from "../../api/reads";
import { LIVE, useQuery } from "../../api/use-query";
import { EmptyState } from "../../components/empty-state";
import { LinkedText } from "../../components/linked-text";
import { Moment } from "../../components/live";
import { ErrorNotice } from "../../components/notice";
import { Page } from "../../components/page";
import { ShareButton } from "../../components/share-button";
import { Skeleton, SkeletonHeading, SkeletonRows } from "../../components/skeleton";
import { Tabs } from "../../components/tabs";
import { Link } from "../../routing/link";
import { type Session, session } from "../../session/session";
import { useStore } from "../../store";
import { PHONE, useMedia } from "../../use-media";
import { Comments } from "./comments";
import { Holders } from "./holders";
import { LastOrder } from "./interrupted-order";
import { ManageMarket } from "./manage-market";
import { MarketChart } from "./market-chart";
import { MarketFacts } from "./market-facts";
import { OwnPosition } from "./own-position";
import { OwnResult } from "./own-result";
import { RecentTrades } from "./recent-trades";
import { Ruling } from "./ruling";
import { TradeBar } from "./trade-bar";
import { TradePanel } from "./trade-panel";
import { useNews } from "./use-news";

export function firstQueries({ slug = "" }: Readonly<Record<string, string>>): readonly Query<unknown>[] {
  return [marketQuery(slug), ...(session.get() === undefined ? [] : [portfolioQuery])];
}

export default function MarketPage({ parameters: { slug = "" } }: { parameters: Readonly<Record<string, string>> }) {
  const { data: market, problem, retry } = useQuery(marketQuery(slug), LIVE);
  const user = useStore(session);
  const holdings = useQuery(user && portfolioQuery);
  // What somebody holds stands amid the page: it would push away what is there already.
  const isHoldingKnown = user === undefined || holdings.data !== undefined || holdings.problem !== undefined;
  if (market !== undefined && isHoldingKnown) {
    return <OpenedMarket market={market} />;
  }
  if (problem?.code === "market-not-found") {
    return (
      <Page title="No such market">
        <EmptyState title="There is no market at this address">
          <p>It may be somebody's draft, or the address may have a mistake in it.</p>
          <Link href="/" class="button">
            See all markets
          </Link>
        </EmptyState>
      </Page>
    );
  }
  if (problem === undefined) {
    return <MarketSkeleton />;
  }
  return (
    <Page title="Market">
      <ErrorNotice problem={problem} onRetry={retry} />
    </Page>
  );
}

function OpenedMarket({ market }: { market: Market }) {
  const user = useStore(session);
  useNews(market);
  const { data: portfolio } = useQuery(user && portfolioQuery);
  const isPhone = useMedia(PHONE);
  const { data: comments } = useQuery(market.status === "DRAFT" ? undefined : commentsQuery(market.slug));
  const hasComments = comments !== undefined;
  const positions = portfolio?.positions.filter((position) => position.market === market.slug) ?? [];
  const trade = { market, positions, balance: portfolio?.balance };
  const isOpen = market.status === "ACTIVE";
  return (
    <>
      <Page
        title={market.name}
        aside={
          <div class="row">
            <ShareButton title={market.name} />
            <Link href={`/markets/${market.slug}/screen`} class="button button-small">
              Full screen
            </Link>
          </div>
        }
      >
        <MarketFacts market={market} />
        <div class="market-columns">
          <div class="market-main stack stack-wide">
            <MarketChart market={market} />
          </div>
          <div class="market-side stack">
            {isOpen && !isPhone && <TradePanel key={user?.account} {...trade} />}
            {!isOpen && <Ruling market={market} />}
            {!isOpen && user !== undefined && <LastOrder key={user.account} slug={market.slug} />}
            {user !== undefined && isFinal(market) && <OwnResult key={user.account} market={market} />}
            {positions.length > 0 && <OwnPosition positions={positions} market={market} />}
            {mayManage(user, market) && <ManageMarket market={market} positions={positions} />}
          </div>
          <div class="market-more stack stack-wide">
            <About market={market} />
            <Tabs
              label="What people do here"
              tabs={[
                { label: "Trades", panel: () => <RecentTrades market={market} /> },
                { label: "Holders", panel: () => <Holders market={market} /> },
                ...(hasComments ? [{ label: "Comments", panel: () => <Comments market={market} /> }] : []),
              ]}
            />
          </div>
        </div>
      </Page>
      {isOpen && isPhone && <TradeBar key={user?.account} {...trade} />}
    </>
  );
}

function mayManage(user: Session | undefined, market: Market): boolean {
  return user !== undefined && (user.isAdmin || user.account === market.creator);
}

function About({ market }: { market: Market }) {
  return (
    <section class="stack" aria-labelledby="rules">
      <h2 id="rules">How it is decided</h2>
      <p class="prose" dir="auto">
        {market.rules === "" ? "The creator has written no rules." : <LinkedText text={market.rules} />}
      </p>
      {market.description !== "" && (
        <p class="prose soft" dir="auto">
          <LinkedText text={market.description} />
        </p>
      )}
      {market.clarifications.map(({ text, created_at }) => (
        <div key={created_at} class="clarification">
          <p class="soft small">
            Clarified <Moment time={created_at} />
          </p>
          <p class="prose" dir="auto">
            <LinkedText text={text} />
          </p>
        </div>
      ))}
    </section>
  );
}

function MarketSkeleton() {
  return (
    <div class="stack stack-wide">
      <SkeletonHeading width="min(32rem, 90%)" />
      <Skeleton width="min(24rem, 70%)" height="1.5rem" />
      <div class="market-columns">
        <div class="market-main">
          <Skeleton height="30rem" />
        </div>
        <div class="market-side">
          <Skeleton height="32rem" />
        </div>
        <div class="market-more">
          <SkeletonRows rows={4} />
        </div>
      </div>
    </div>
  );
}
