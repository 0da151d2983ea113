/** Throws a draft away; its address is free again. */

import { deleteDraft } from "../../api/commands";
import type { Market } from "../../api/reads";
import { useUnkeyedCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { Name } from "../../components/live";
import { navigate } from "../../routing/location";

export function DeleteDialog({ market, onClose }: { market: Market; onClose: () => void }) {
  const command = useUnkeyedCommand(deleteDraft, () => {
    navigate("/portfolio?tab=my-markets", { replace: true });
  });
  return (
    <ConfirmDialog
      title="Delete this draft?"
      action="Delete"
      command={command}
      body={market.slug}
      isDangerous
      onClose={onClose}
    >
      <p>
        “<Name>{market.name}</Name>” is gone for good. Nobody but you and the admins has seen it.
      </p>
    </ConfirmDialog>
  );
}
