/** The foot of the page: that the books balance, for everybody to see. */

import { Live } from "./live";
import { auditQuery } from "../api/reads";
import { useQuery } from "../api/use-query";
import { formatCost, formatCredits } from "../format/numbers";
import { isPositive } from "../format/micros";
import { placed } from "../platform/place";

const SLOW_MS = 60_000;

export function Footer() {
  const { data } = useQuery(auditQuery, SLOW_MS);
  const isBalanced = data !== undefined && !isPositive(data.difference) && !data.difference.startsWith("-");
  return (
    <footer class="footer">
      <p>
        <span>Hunch trades in play money.</span>
        {/* One part is rounded down and the other up: they add up in cents, too. */}
        {isBalanced && (
          <span>
            The books balance: <Live>{formatCredits(data.issued)}</Live> credits issued,{" "}
            <Live>{formatCredits(data.balances)}</Live> in accounts, <Live>{formatCost(data.pools)}</Live> in markets.
          </span>
        )}
        <a href={placed("/docs")}>API</a>
      </p>
    </footer>
  );
}
