/** What became of a market, in the place where people traded. */

import { LinkedText } from "../../components/linked-text";
import { Moment, Name, Words as Said } from "../../components/live";
import { appealsUntil, type Market } from "../../api/reads";
import { outcomeStyle } from "../../chart/palette";
import { Person } from "../../components/person";
import { formatPayoutRate } from "../../format/numbers";
import { now } from "../../platform/clock";
import { Appeal } from "./appeal";

export function Ruling({ market }: { market: Market }) {
  return (
    <section class="card stack ruling" aria-label="What became of it">
      <Verdict market={market} />
    </section>
  );
}

function Verdict({ market }: { market: Market }) {
  const { resolution } = market;
  if (market.status === "DRAFT") {
    return (
      <>
        <h2>A draft</h2>
        <p class="soft">Only you and the admins see it. It opens for trading once it is published.</p>
      </>
    );
  }
  if (resolution === null) {
    return (
      <>
        <h2>Closed</h2>
        <p class="soft">
          Nobody can trade any more. <Person account={market.creator} /> or an admin decides what happened.
        </p>
      </>
    );
  }
  return (
    <>
      {resolution.payouts === null ? (
        <>
          <h2>Voided</h2>
          <Reason text={resolution.reason} />
          <p class="soft">Everybody who put credits in gets them back, as far as the pool reaches.</p>
        </>
      ) : (
        <>
          <Payouts market={market} payouts={resolution.payouts} />
          <Reason text={resolution.reason} />
        </>
      )}
      <Appeal market={market} />
      <p class="soft small">
        <Said>
          {market.status === "SETTLING" && (appealsUntil(market) ?? 0) <= now() ? "Being paid out, decided" : "Decided"}
        </Said>{" "}
        <Moment time={resolution.resolved_at} />
      </p>
    </>
  );
}

/** Why it was decided so, and where that can be looked up. */
function Reason({ text }: { text: string | null }) {
  return text === null ? null : (
    <p class="prose" dir="auto">
      <LinkedText text={text} />
    </p>
  );
}

function Payouts({ market, payouts }: { market: Market; payouts: Readonly<Record<string, string>> }) {
  const paid = market.outcomes.map((outcome, index) => ({
    name: outcome.name,
    rate: payouts[outcome.name] ?? "0",
    index,
  }));
  const pays = market.status === "SETTLING" ? "pays" : "paid";
  const winners = paid.filter(({ rate }) => Number(rate) > 0);
  return (
    <>
      <p class="soft">It turned out</p>
      <ul class="stack stack-tight">
        {winners.map(({ name, rate, index }) => (
          <li key={name} class="ruling-outcome" style={outcomeStyle(index, market.outcomes.length)}>
            <Name>{name}</Name>
            {winners.length > 1 && <span class="soft"> {formatPayoutRate(rate)}</span>}
          </li>
        ))}
      </ul>
      <p class="soft">
        <Said>
          {winners.length === 1 ? `Each share of it ${pays} one credit.` : `Each share ${pays} its part of a credit.`}
        </Said>
      </p>
    </>
  );
}
