/** Shuts somebody out, or lets them in again. */

import { setSuspended } from "../../api/commands";
import type { Member } from "../../api/reads";
import { useUnkeyedCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";

export function SuspendDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { account, name, suspended } = member;
  const command = useUnkeyedCommand((to: boolean) => setSuspended(account, to), onClose);
  return (
    <ConfirmDialog
      title={suspended ? `Let ${name} in again?` : `Shut ${name} out?`}
      action={suspended ? "Restore" : "Suspend"}
      command={command}
      body={!suspended}
      isDangerous={!suspended}
      onClose={onClose}
    >
      <p>
        {suspended
          ? "They can trade again, with what they have."
          : "They can do nothing until you restore them. What they hold stays, and is paid."}
      </p>
    </ConfirmDialog>
  );
}
