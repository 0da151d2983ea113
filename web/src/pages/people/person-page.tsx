/** Somebody in public: since when, their record, how well calibrated, and what came of what they traded on. */

import "./people-page.css";

import { useState } from "preact/hooks";

import { type Person, personQuery, recordQuery, resultsQuery, type TrackRecord } from "../../api/reads";
import { useQuery } from "../../api/use-query";
import { EmptyState } from "../../components/empty-state";
import { Name } from "../../components/live";
import { ErrorNotice } from "../../components/notice";
import { Page } from "../../components/page";
import { Paged } from "../../components/paged";
import { Profit } from "../../components/profit";
import { SkeletonRows } from "../../components/skeleton";
import { formatBrier, formatCount, formatPointsOf, formatVolume } from "../../format/numbers";
import { periodName, recentPeriods } from "../../format/periods";
import { formatDay } from "../../format/times";
import { now } from "../../platform/clock";
import { Link } from "../../routing/link";
import { session } from "../../session/session";
import { useStore } from "../../store";
import { RenameDialog } from "../admin/rename-dialog";
import { Calibration } from "./calibration";
import { Holdings } from "./holdings";

/** Said of oneself and of others alike. */
const NONE_DECIDED = "No decided markets yet";

export default function PersonPage({ parameters: { account = "" } }: { parameters: Readonly<Record<string, string>> }) {
  const { data, problem } = useQuery(personQuery(account));
  if (data !== undefined) {
    return <Profile person={data} />;
  }
  if (problem?.status === 404) {
    return (
      <Page title="Nobody here">
        <EmptyState title="There is no such account">
          <Link href="/leaderboard" class="button">
            See the leaderboard
          </Link>
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title={account}>
      {problem === undefined ? <SkeletonRows rows={5} height="4rem" /> : <ErrorNotice problem={problem} />}
    </Page>
  );
}

function Profile({ person }: { person: Person }) {
  const user = useStore(session);
  const [isRenaming, setIsRenaming] = useState(false);
  const { account, name, created_at } = person;
  return (
    <Page
      title={name}
      aside={
        user?.account === account && (
          <button
            type="button"
            class="button"
            onClick={() => {
              setIsRenaming(true);
            }}
          >
            Change my name …
          </button>
        )
      }
    >
      <p class="soft small">
        <Name>{account}</Name> · here since {formatDay(created_at)}
      </p>
      <TrackRecordCard account={account} />
      <section class="stack" aria-labelledby="holdings">
        <h2 id="holdings">Open positions</h2>
        <Holdings account={account} />
      </section>
      <section class="stack" aria-labelledby="results">
        <h2 id="results">Results</h2>
        <PersonResults account={account} />
      </section>
      {isRenaming && (
        <RenameDialog
          member={person}
          onClose={() => {
            setIsRenaming(false);
          }}
        />
      )}
    </Page>
  );
}

function TrackRecordCard({ account }: { account: string }) {
  const [period, setPeriod] = useState("all");
  const { data, problem } = useQuery(recordQuery(account, period));
  return (
    <section class="card stack" aria-labelledby="record">
      <div class="row row-apart">
        <h2 id="record">Record</h2>
        <select
          class="input filters-order"
          aria-label="Period"
          value={period}
          onChange={(event) => {
            setPeriod(event.currentTarget.value);
          }}
        >
          {recentPeriods(now()).map((choice) => (
            <option key={choice} value={choice}>
              {periodName(choice)}
            </option>
          ))}
        </select>
      </div>
      {data !== undefined && <RecordFigures record={data} period={period} />}
      {data === undefined && (problem === undefined ? <SkeletonRows rows={2} /> : <ErrorNotice problem={problem} />)}
    </section>
  );
}

function RecordFigures({ record, period }: { record: TrackRecord; period: string }) {
  if (record.markets === 0) {
    return <EmptyState title={period === "all" ? NONE_DECIDED : `No decided markets in ${periodName(period)}`} />;
  }
  return (
    <>
      <dl class="record">
        <div>
          <dt class="soft small">Points</dt>
          <dd>{formatPointsOf(record.points)}</dd>
        </div>
        <div>
          <dt class="soft small">Profit</dt>
          <dd>
            <Profit amount={record.profit} />
          </dd>
        </div>
        <div>
          <dt class="soft small">Markets</dt>
          <dd>{formatCount(record.markets)}</dd>
        </div>
        <div>
          <dt class="soft small">Bought for</dt>
          <dd>{formatVolume(record.bought)}</dd>
        </div>
        <div>
          <dt class="soft small">Brier score</dt>
          <dd>{record.brier === null ? "–" : formatBrier(record.brier)}</dd>
        </div>
      </dl>
      {record.calibration.length > 0 && (
        <>
          <h3>Calibration</h3>
          <Calibration steps={record.calibration} />
        </>
      )}
    </>
  );
}

function PersonResults({ account }: { account: string }) {
  return (
    <Paged queryOf={(page) => resultsQuery(account, page)}>
      {({ results }) =>
        results.length === 0 ? (
          <EmptyState title={NONE_DECIDED} />
        ) : (
          <ul class="card people-results">
            {results.map(({ market, name, resolved_at, profit, points }) => (
              <li key={market} class="row row-apart">
                <span>
                  <Link href={`/markets/${market}`}>
                    <Name>{name}</Name>
                  </Link>
                  <br />
                  <span class="soft small">decided {formatDay(resolved_at)}</span>
                </span>
                <span class="number">
                  {formatPointsOf(points)} points
                  <br />
                  <span class="small">
                    <Profit amount={profit} />
                  </span>
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Paged>
  );
}
