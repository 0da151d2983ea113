/** The chart of a market with its figures: what it says now, or what it said at the moment under the crosshair. */

import { useMemo, useState } from "preact/hooks";

import { type Market, newestTradesQuery, pricesQuery } from "../../api/reads";
import { useQuery } from "../../api/use-query";
import { endOf, type History, historyOf, type Range, recentRanges, wantsTrades, wholeRange } from "../../chart/history";
import { outcomeColor, outcomeStyle } from "../../chart/palette";
import { PriceChart } from "../../chart/price-chart";
import { Change } from "../../components/change";
import { Live, Moment, Name } from "../../components/live";
import { ErrorNotice } from "../../components/notice";
import { Segments } from "../../components/segments";
import { Skeleton } from "../../components/skeleton";
import { type Answer, answerOf } from "../../format/answer";
import { formatChance, formatFineChance } from "../../format/numbers";
import { formatDateTime } from "../../format/times";
import { now as serverNow } from "../../platform/clock";
import { likeliestFirst } from "./likeliest";

const EVERY_MS = 10_000;
const MOST_LINES = 8;
const LEAST_OTHERS = 2;
const WORTH_A_LINE = 0.02;

export function MarketChart({ market }: { market: Market }) {
  return market.status === "DRAFT" ? <Opening market={market} /> : <PublishedChart market={market} />;
}

/** In place of the chart of a draft, which has no history: what it will open at. */
function Opening({ market: { outcomes } }: { market: Market }) {
  return (
    <section class="card stack" aria-label="Chances at the opening">
      <p>
        Trading opens with every outcome as likely as the others: <strong>{formatChance(1 / outcomes.length)}</strong>.
      </p>
      <ul class="legend">
        {outcomes.map(({ name }, index) => (
          <li key={name} style={outcomeStyle(index, outcomes.length)}>
            <span class="dot" />
            <span class="legend-name">
              <Name>{name}</Name>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function PublishedChart({ market }: { market: Market }) {
  const [label, setLabel] = useState("All");
  const [moment, setMoment] = useState<number>();
  const now = serverNow() / 1000;
  const whole = wholeRange(market, now);
  const ranges = [...recentRanges(market, now), whole];
  const range = ranges.find((choice) => choice.label === label) ?? whole;

  const { data, problem, retry } = useQuery(pricesQuery(market.slug, stableSpan(range), range.interval), EVERY_MS);
  const needsTrades = data !== undefined && wantsTrades(market, data.prices);
  const { data: trades } = useQuery(needsTrades ? newestTradesQuery(market.slug) : undefined, EVERY_MS);
  const history = useMemo(() => {
    const now = serverNow() / 1000;
    const span = { interval: range.interval, from: now - range.seconds, now: endOf(market, now) };
    return data && historyOf(market, data.prices, span, trades);
    // The version says when the market's prices have changed; other fields do not matter here.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [data, trades, market.version, range.label]);

  const shown = shownOutcomes(market);
  const lines = shown.map((index) => ({
    name: market.outcomes[index]?.name ?? "",
    color: outcomeColor(index, market.outcomes.length),
  }));
  const drawn = useMemo(
    () => history && { times: history.times, prices: shown.map((index) => history.prices[index] ?? []) },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the outcomes shown follow from the market
    [history, shown.join(" ")],
  );

  return (
    <section class="card market-chart" aria-label="Chances over time">
      <Figures market={market} shown={shown} history={drawn} moment={moment} over={wordsFor(range)} />
      {problem !== undefined && data === undefined && <ErrorNotice problem={problem} onRetry={retry} />}
      {drawn === undefined ? (
        <Skeleton height="var(--chart-height)" />
      ) : (
        <PriceChart history={drawn} lines={lines} summary={summaryOf(lines, drawn, range)} onMoment={setMoment} />
      )}
      {ranges.length > 1 && (
        <Segments
          legend="Time shown"
          options={ranges.map((choice) => ({ value: choice.label, label: choice.label, name: choice.name }))}
          value={range.label}
          onChange={setLabel}
        />
      )}
    </section>
  );
}

/** All of a market's time grows with every second; it is asked for in steps, so that answers can be kept. */
function stableSpan(range: Range): number {
  const step = 600;
  return Math.ceil(range.seconds / step) * step;
}

/** Of two outcomes the first says it all; of many the likeliest, without those that hardly anybody believes in. */
function shownOutcomes(market: Market): readonly number[] {
  const [first = 0, ...others] = likeliestFirst(market);
  const { outcomes } = market;
  return outcomes.length === 2
    ? [first]
    : [
        first,
        ...others.filter((index, rank) => rank < LEAST_OTHERS || Number(outcomes[index]?.price) >= WORTH_A_LINE),
      ].slice(0, MOST_LINES);
}

interface FiguresProps {
  market: Market;
  shown: readonly number[];
  history: History | undefined;
  moment: number | undefined;
  /** The time that the chart shows, as it ends a sentence. */
  over: string;
}

function wordsFor(range: Range): string {
  return range.label === "All" ? "since it opened" : `in ${range.name}`;
}

function Figures({ market, shown, history, moment, over }: FiguresProps) {
  const time = moment === undefined ? undefined : history?.times[moment];
  const priceOf = (line: number) => (time === undefined ? undefined : history?.prices[line]?.[moment ?? 0]);
  const [first = 0] = shown;
  const leader = market.outcomes[first];
  const now = priceOf(0) ?? Number(leader?.price);
  const before = history?.prices[0]?.[0];
  const answer = answerOf(market);
  if (answer !== undefined && time === undefined) {
    return <AnswerFigure market={market} answer={answer} />;
  }
  return (
    <div class="figures">
      <div class="figures-leader" style={outcomeStyle(first, market.outcomes.length)}>
        <p class="figures-chance" translate={false}>
          {formatChance(now)}
        </p>
        <p class="figures-words">
          <strong>
            <Name>{leader?.name}</Name>
          </strong>
          <span class="small">
            {time === undefined ? (
              // Its line is there before it is known, so that nothing moves when it comes.
              <span key={before === undefined ? "to come" : "known"}>
                {before === undefined ? "\u00a0" : <Change difference={now - before} over={over} />}
              </span>
            ) : (
              <Live class="soft">{formatDateTime(time * 1000)}</Live>
            )}
          </span>
        </p>
      </div>
      {shown.length > 1 && (
        <ul class="legend">
          {shown.map((index, line) => (
            <li key={index} style={outcomeStyle(index, market.outcomes.length)}>
              <span class="dot" />
              <span class="legend-name">
                <Name>{market.outcomes[index]?.name}</Name>
              </span>
              <strong translate={false}>{formatChance(priceOf(line) ?? market.outcomes[index]?.price ?? 0)}</strong>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What happened, in the place of what was once thought of it. */
function AnswerFigure({ market, answer }: { market: Market; answer: Answer }) {
  const style = answer.outcome === undefined ? {} : outcomeStyle(answer.outcome, market.outcomes.length);
  return (
    <div class="figures figures-leader" style={style}>
      <p class="figures-answer">
        <Name>{answer.words}</Name>
      </p>
      <p class="figures-words soft small">
        <span>{market.resolution?.payouts === null ? "no answer" : "the answer"}</span>
        {market.resolution !== null && <Moment time={market.resolution.resolved_at} />}
      </p>
    </div>
  );
}

/** The chart in words, for those who do not see it. */
function summaryOf(lines: readonly { name: string }[], history: History, range: Range): string {
  const told = lines.map(({ name }, line) => {
    const prices = history.prices[line] ?? [];
    const [first, last] = [prices[0] ?? 0, prices.at(-1) ?? 0];
    const [low, high] = [Math.min(...prices), Math.max(...prices)];
    return `${name} from ${formatFineChance(first)} to ${formatFineChance(last)}, between ${formatFineChance(low)} and ${formatFineChance(high)}`;
  });
  return `Chances over ${range.name}: ${told.join("; ")}.`;
}
