/** Says more exactly how a market is decided, once it can no longer be edited. */

import { useState } from "preact/hooks";

import { clarifyMarket } from "../../api/commands";
import type { Market } from "../../api/reads";
import { useCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { TextArea } from "../../components/field";

export function ClarifyDialog({ market, onClose }: { market: Market; onClose: () => void }) {
  const [text, setText] = useState("");
  const command = useCommand(
    `clarify.${market.slug}`,
    (said: string, key) => clarifyMarket(market.slug, said, key),
    onClose,
  );
  return (
    <ConfirmDialog
      title="Clarify how it is decided"
      action="Publish"
      command={command}
      body={text}
      isReady={text.trim() !== ""}
      onClose={onClose}
    >
      <p>It stands below the rules, with its time, for everybody. It cannot be changed or taken back.</p>
      <TextArea label="Clarification" maxLength={2_000} value={text} onValue={setText} />
    </ConfirmDialog>
  );
}
