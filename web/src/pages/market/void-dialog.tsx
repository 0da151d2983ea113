/** Calls a market off. */

import { useState } from "preact/hooks";

import { voidMarket } from "../../api/commands";
import type { Market } from "../../api/reads";
import { useCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { TextField } from "../../components/field";
import { Person } from "../../components/person";

export function VoidDialog({ market, onClose }: { market: Market; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const command = useCommand(
    `void.${market.slug}`,
    (given: string, key) => voidMarket(market.slug, given, key),
    onClose,
  );
  return (
    <ConfirmDialog
      title="Call this market off?"
      action="Void the market"
      command={command}
      body={reason.trim()}
      isDangerous
      isReady={reason.trim() !== ""}
      onClose={onClose}
    >
      <p>
        Everybody who has put more in than taken out gets that back, as far as the pool reaches;{" "}
        <Person account={market.creator} /> gets the rest. This cannot be undone.
      </p>
      <TextField label="Reason" maxLength={200} value={reason} onValue={setReason} note="Everybody can read it." />
    </ConfirmDialog>
  );
}
