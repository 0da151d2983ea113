/** Who is right: by points, profit or Brier score, of all time, a year or a month, or of what has a tag. */

import "./people-page.css";

import { learnNames } from "../../api/names";
import { leaderboardQuery, type LeaderboardRow, openMarketsQuery } from "../../api/reads";
import { SLOW, useQuery } from "../../api/use-query";
import { EmptyState } from "../../components/empty-state";
import { Live, Name } from "../../components/live";
import { Page } from "../../components/page";
import { Paged } from "../../components/paged";
import { Segments } from "../../components/segments";
import { formatBrier, formatChange, formatCount, formatPointsOf } from "../../format/numbers";
import { periodName, recentPeriods } from "../../format/periods";
import { now } from "../../platform/clock";
import { Link } from "../../routing/link";
import { address, navigate } from "../../routing/location";
import { session } from "../../session/session";
import { useStore } from "../../store";

type Measure = "points" | "profit" | "brier";

const MEASURES: readonly { value: Measure; label: string; name: string }[] = [
  { value: "points", label: "Points", name: "Points: what somebody's trades added to the forecasts" },
  { value: "profit", label: "Profit", name: "Profit in credits" },
  { value: "brier", label: "Brier", name: "Brier score: how far beliefs were from what happened, least first" },
];

interface Shown {
  readonly by: Measure;
  readonly period: string;
  readonly tag: string;
}

export default function LeaderboardPage() {
  const { searchParams } = useStore(address);
  const shown = readShown(searchParams);
  return (
    <Page title="Leaderboard">
      <Choices shown={shown} />
      <p class="soft small">
        Points are what somebody's trades added to the forecasts' score; smaller markets count for less. Profit is in
        credits. The Brier score is how far what somebody bought was from what happened: 0 is best, and it takes ten
        decided markets.
      </p>
      <Paged key={JSON.stringify(shown)} queryOf={(page) => leaderboardQuery(filterOf(shown), { limit: 50, ...page })}>
        {({ leaderboard }) => <Rows rows={leaderboard} by={shown.by} />}
      </Paged>
      <OwnRow shown={shown} />
    </Page>
  );
}

function readShown(parameters: URLSearchParams): Shown {
  const by = MEASURES.find(({ value }) => value === parameters.get("by"))?.value ?? "points";
  const tag = parameters.get("tag") ?? "";
  return { by, tag, period: tag === "" ? (parameters.get("period") ?? "all") : "all" };
}

function filterOf({ by, period, tag }: Shown) {
  return { by, ...(tag === "" ? { period } : { tag }) };
}

function show(shown: Shown): void {
  navigate(`/leaderboard?${new URLSearchParams(filterOf(shown)).toString()}`, { replace: true });
}

function Choices({ shown }: { shown: Shown }) {
  const { data } = useQuery(openMarketsQuery, SLOW);
  const tags = new Set([
    ...(data?.markets ?? []).flatMap((market) => market.tags),
    ...(shown.tag === "" ? [] : [shown.tag]),
  ]);
  const periods = recentPeriods(now());
  return (
    <div class="row row-apart">
      <Segments
        legend="Measure"
        options={MEASURES}
        value={shown.by}
        onChange={(by) => {
          show({ ...shown, by });
        }}
      />
      <div class="row">
        <select
          class="input filters-order"
          aria-label="Period"
          value={shown.period}
          onChange={(event) => {
            show({ ...shown, period: event.currentTarget.value, tag: "" });
          }}
        >
          {periods.map((period) => (
            <option key={period} value={period}>
              {periodName(period)}
            </option>
          ))}
        </select>
        <select
          class="input filters-tag"
          aria-label="Tag"
          value={shown.tag}
          onChange={(event) => {
            show({ ...shown, tag: event.currentTarget.value });
          }}
        >
          <option value="">All tags</option>
          {[...tags].sort().map((tag) => (
            <option key={tag} value={tag}>
              {tag}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

function Rows({ rows, by }: { rows: readonly LeaderboardRow[]; by: Measure }) {
  const user = useStore(session);
  learnNames(rows);
  if (rows.length === 0) {
    return (
      <EmptyState title="Nobody is on it yet">
        <p>Whoever has traded on a market is on it once that is resolved.</p>
      </EmptyState>
    );
  }
  return (
    <div class="card scroller" tabIndex={0} role="region" aria-label="Leaderboard">
      <table class="ranks">
        <thead>
          <tr>
            <th scope="col" class="number">
              Rank
            </th>
            <th scope="col">Name</th>
            <th scope="col" class="number wide">
              Markets
            </th>
            <th scope="col" class="number">
              {MEASURES.find(({ value }) => value === by)?.label}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.account} class={row.account === user?.account ? "own-row" : ""}>
              <td class="number">{formatCount(row.rank)}</td>
              <th scope="row">
                <Link href={`/people/${row.account}`} class="person">
                  <Name>{row.name}</Name>
                </Link>{" "}
                {row.name !== row.account && (
                  <span class="soft small">
                    <Name>{row.account}</Name>
                  </span>
                )}
              </th>
              <td class="number wide">{formatCount(row.markets)}</td>
              <td class="number">
                <Live>{figureOf(row, by)}</Live>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function figureOf({ points, profit, brier }: LeaderboardRow, by: Measure): string {
  switch (by) {
    case "points":
      return formatPointsOf(points);
    case "profit":
      return formatChange(profit);
    case "brier":
      return brier === null ? "–" : formatBrier(brier);
  }
}

/** The reader's own row, in view wherever the list has got to; of the first hundred. */
function OwnRow({ shown }: { shown: Shown }) {
  const user = useStore(session);
  const { data } = useQuery(user && leaderboardQuery(filterOf(shown), { limit: 100 }), SLOW);
  const own = data?.leaderboard.find((row) => row.account === user?.account);
  if (own === undefined) {
    return null;
  }
  return (
    <p class="own-standing card row row-apart" role="status">
      <strong>You are number {formatCount(own.rank)}</strong>
      <Live>{figureOf(own, shown.by)}</Live>
    </p>
  );
}
