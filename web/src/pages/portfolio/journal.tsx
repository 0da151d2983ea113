/** Every movement of the reader's money. */

import { Moment } from "../../components/live";
import { type JournalEntry, journalQuery } from "../../api/reads";
import { MarketLink } from "../../components/market-link";
import { Paged } from "../../components/paged";
import { isPositive } from "../../format/micros";
import { formatChange, formatCredits } from "../../format/numbers";

const WORDS: Readonly<Record<JournalEntry["kind"], string>> = {
  "starting-grant": "Starting grant",
  grant: "Grant",
  subsidy: "Subsidy paid",
  buy: "Bought",
  sell: "Sold",
  payout: "Payout",
  refund: "Refund",
  "subsidy-return": "Subsidy returned",
};

export function Journal() {
  return (
    <Paged queryOf={journalQuery}>
      {({ journal }) => (
        <div class="scroller" tabIndex={0} role="region" aria-label="Journal">
          <table>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col" class="wide">
                  When
                </th>
                <th scope="col" class="number">
                  Credits
                </th>
                <th scope="col" class="number">
                  Balance
                </th>
              </tr>
            </thead>
            <tbody>
              {journal.map((entry) => (
                <tr key={entry.id}>
                  <th scope="row">
                    {WORDS[entry.kind]}
                    <Occasion entry={entry} />
                  </th>
                  <td class="soft wide">
                    <Moment time={entry.created_at} />
                  </td>
                  <td class={`number ${isPositive(entry.amount) ? "gain" : ""}`} translate={false}>
                    {formatChange(entry.amount)}
                  </td>
                  <td class="number" translate={false}>
                    {formatCredits(entry.balance_after)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Paged>
  );
}

function Occasion({ entry: { market, reason } }: { entry: JournalEntry }) {
  return (
    <span class="soft small">
      {typeof market === "string" && (
        <>
          {" "}
          <MarketLink slug={market} />
        </>
      )}
      {typeof reason === "string" && <bdi> {reason}</bdi>}
    </span>
  );
}
