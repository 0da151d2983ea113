/** Calls a market off. */

import { voidMarket } from "../../api/commands";
import type { Market } from "../../api/reads";
import { useCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { TextField } from "../../components/field";
import { Person } from "../../components/person";
import { useDraft } from "../../session/use-draft";

export function VoidDialog({ market, onClose }: { market: Market; onClose: () => void }) {
  const { values, change, clear } = useDraft(`void.${market.slug}`, { reason: "" });
  const { reason } = values;
  const leave = () => {
    clear();
    onClose();
  };
  const command = useCommand(`void.${market.slug}`, (given: string, key) => voidMarket(market.slug, given, key), leave);
  return (
    <ConfirmDialog
      title="Call this market off?"
      action="Void the market"
      command={command}
      body={reason.trim()}
      isDangerous
      isReady={reason.trim() !== ""}
      onClose={leave}
    >
      <p>
        Everybody who has put more in than taken out gets that back, as far as the pool reaches;{" "}
        <Person account={market.creator} /> gets the rest. This cannot be undone.
      </p>
      <TextField
        label="Reason"
        longest={200}
        value={reason}
        onValue={(typed) => {
          change({ reason: typed });
        }}
        note="Everybody can read it."
      />
    </ConfirmDialog>
  );
}
