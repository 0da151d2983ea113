/** The foot of the page: that the books balance, for everybody to see. */

import { useEffect, useState } from "preact/hooks";

import { auditQuery } from "../api/reads";
import { onceQuiet } from "../api/transport";
import { useQuery } from "../api/use-query";
import { formatCost, formatCredits } from "../format/numbers";
import { isPositive } from "../format/micros";
import { placed } from "../platform/place";
import { Live } from "./live";

const SLOW_MS = 60_000;

export function Footer() {
  const [isQuiet, setIsQuiet] = useState(false);
  useEffect(() => {
    void onceQuiet().then(() => {
      setIsQuiet(true);
    });
  }, []);
  const { data } = useQuery(isQuiet ? auditQuery : undefined, SLOW_MS);
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
