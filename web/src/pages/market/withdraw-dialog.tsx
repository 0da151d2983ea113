/** Takes a decision back while appeals are heard: nothing has been paid yet. */

import { withdrawResolution } from "../../api/commands";
import type { Market } from "../../api/reads";
import { useCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";

export function WithdrawDialog({ market, onClose }: { market: Market; onClose: () => void }) {
  const command = useCommand(`withdraw.${market.slug}`, (slug: string, key) => withdrawResolution(slug, key), onClose);
  return (
    <ConfirmDialog
      title="Take the decision back?"
      action="Withdraw"
      command={command}
      body={market.slug}
      isDangerous
      onClose={onClose}
    >
      <p>The market is closed again and waits for another decision. Nobody has been paid yet.</p>
    </ConfirmDialog>
  );
}
