/** Publishing pays the subsidy, and the market can be edited no more. */

import { publishMarket } from "../../api/commands";
import { type Market, portfolioQuery } from "../../api/reads";
import { useCommand } from "../../api/use-command";
import { useQuery } from "../../api/use-query";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { Notice } from "../../components/notice";
import { isAbove, subtract } from "../../format/micros";
import { formatCost, formatCredits } from "../../format/numbers";

export function PublishDialog({ market, onClose }: { market: Market; onClose: () => void }) {
  const { data } = useQuery(portfolioQuery);
  const isShort = data !== undefined && isAbove(market.subsidy, data.balance);
  const command = useCommand(`publish.${market.slug}`, (_: string, key) => publishMarket(market.slug, key), onClose);
  return (
    <ConfirmDialog
      title="Open it for trading?"
      action="Publish"
      command={command}
      body={market.slug}
      isReady={!isShort}
      onClose={onClose}
    >
      <p>
        You pay the subsidy that the market makes its prices with. What traders do not win of it comes back to you when
        the market is resolved. After this the question and its rules cannot be changed.
      </p>
      <dl class="facts">
        <div>
          <dt>Subsidy</dt>
          <dd translate={false}>{formatCost(market.subsidy)}</dd>
        </div>
        <div>
          <dt>{isShort ? "You have" : "Left in your account"}</dt>
          <dd translate={false}>
            {data === undefined ? "–" : formatCredits(isShort ? data.balance : subtract(data.balance, market.subsidy))}
          </dd>
        </div>
      </dl>
      {isShort && (
        <Notice tone="care">
          That is more than you have. Edit the draft and lower its liquidity, or ask an admin for a grant.
        </Notice>
      )}
    </ConfirmDialog>
  );
}
