/** Takes orders again, until some time or until closed by hand. */

import { useState } from "preact/hooks";

import { reopenMarket } from "../../api/commands";
import type { Market } from "../../api/reads";
import { useCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { TextField } from "../../components/field";
import { instantOf } from "../../format/times";

export function ReopenDialog({ market, onClose }: { market: Market; onClose: () => void }) {
  const [until, setUntil] = useState("");
  const command = useCommand(
    `reopen.${market.slug}`,
    (closesAt: string | null, key) => reopenMarket(market.slug, closesAt, key),
    onClose,
  );
  return (
    <ConfirmDialog
      title="Take orders again?"
      action="Reopen"
      command={command}
      body={instantOf(until) ?? null}
      onClose={onClose}
    >
      <TextField
        type="datetime-local"
        label="Until"
        note="Leave it empty to close it by hand."
        value={until}
        onValue={setUntil}
      />
    </ConfirmDialog>
  );
}
