/** Takes orders again, until some time or until closed by hand. */

import { reopenMarket } from "../../api/commands";
import type { Market } from "../../api/reads";
import { useCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { TimeField } from "../../components/field";
import { instantOf } from "../../format/times";
import { useDraft } from "../../session/use-draft";

export function ReopenDialog({ market, onClose }: { market: Market; onClose: () => void }) {
  const { values, change, clear } = useDraft(`reopen.${market.slug}`, { until: "" });
  const { until } = values;
  const leave = () => {
    clear();
    onClose();
  };
  const command = useCommand(
    `reopen.${market.slug}`,
    (closesAt: string | null, key) => reopenMarket(market.slug, closesAt, key),
    leave,
  );
  return (
    <ConfirmDialog
      title="Take orders again?"
      action="Reopen"
      command={command}
      body={instantOf(until) ?? null}
      onClose={leave}
    >
      <TimeField
        label="Until"
        note="Leave it empty to close it by hand."
        value={until}
        onValue={(typed) => {
          change({ until: typed });
        }}
      />
    </ConfirmDialog>
  );
}
