/** Says more exactly how a market is decided, once it can no longer be edited. */

import { clarifyMarket } from "../../api/commands";
import type { Market } from "../../api/reads";
import { useCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { TextArea } from "../../components/field";
import { useDraft } from "../../session/use-draft";

export function ClarifyDialog({ market, onClose }: { market: Market; onClose: () => void }) {
  const { values, change, clear } = useDraft(`clarify.${market.slug}`, { text: "" });
  const { text } = values;
  const leave = () => {
    clear();
    onClose();
  };
  const command = useCommand(
    `clarify.${market.slug}`,
    (said: string, key) => clarifyMarket(market.slug, said, key),
    leave,
  );
  return (
    <ConfirmDialog
      title="Clarify how it is decided"
      action="Publish"
      command={command}
      body={text}
      isReady={text.trim() !== ""}
      onClose={leave}
    >
      <p>It stands below the rules, with its time, for everybody. It cannot be changed or taken back.</p>
      <TextArea
        label="Clarification"
        longest={2_000}
        value={text}
        onValue={(typed) => {
          change({ text: typed });
        }}
      />
    </ConfirmDialog>
  );
}
