/** Ends every session, bot key and sign-in link of somebody, as where a phone was lost. */

import { useState } from "preact/hooks";

import { revokeCredentials } from "../../api/commands";
import type { Member } from "../../api/reads";
import { useUnkeyedCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { Dialog } from "../../components/dialog";

interface RevokeDialogProps {
  member: Member;
  /** Makes them a new way in. */
  onLink: () => void;
  onClose: () => void;
}

export function RevokeDialog({ member: { account, name }, onLink, onClose }: RevokeDialogProps) {
  const [isDone, setDone] = useState(false);
  const command = useUnkeyedCommand(revokeCredentials, () => {
    setDone(true);
  });
  if (isDone) {
    return (
      <Dialog title={`${name} is signed out`} onClose={onClose}>
        <p>Nothing that was made before lets anybody in as {name}. Make a sign-in link for them to come back.</p>
        <div class="row row-end">
          <button type="button" class="button" onClick={onClose}>
            Done
          </button>
          <button type="button" class="button button-strong" onClick={onLink}>
            Sign-in link …
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      title={`Sign ${name} out everywhere?`}
      action="Sign out everywhere"
      command={command}
      body={account}
      isDangerous
      onClose={onClose}
    >
      <p>
        Every session, bot key and sign-in link of theirs ends. What they hold stays. Whoever signs in by your provider
        can do so again.
      </p>
    </ConfirmDialog>
  );
}
