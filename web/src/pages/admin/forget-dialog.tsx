/** Forgets somebody for good, and says what goes and what stays before it does. */

import { useState } from "preact/hooks";

import { forgetPerson } from "../../api/commands";
import type { Member } from "../../api/reads";
import { useUnkeyedCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { Dialog } from "../../components/dialog";
import { TextField } from "../../components/field";
import { Name } from "../../components/live";
import { formatCount } from "../../format/numbers";

export function ForgetDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { account, name } = member;
  const [typed, setTyped] = useState("");
  const [removed, setRemoved] = useState<string>();
  const command = useUnkeyedCommand(
    (whom: string) => forgetPerson(whom),
    ({ removed: { comments, drafts, api_keys, webhooks } }) => {
      setRemoved(
        `Removed with the name: comments (${formatCount(comments)}), drafts (${formatCount(drafts)}), ` +
          `bot keys (${formatCount(api_keys)}), webhooks (${formatCount(webhooks)}).`,
      );
    },
  );
  if (removed !== undefined) {
    return (
      <Dialog title={`${account} is forgotten`} onClose={onClose}>
        <p>{removed} The trades stay in the ledger, under the id.</p>
        <div class="row row-end">
          <button type="button" class="button button-strong" onClick={onClose}>
            Done
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      title={`Forget ${name}?`}
      action="Forget for good"
      command={command}
      body={account}
      isReady={typed.trim() === account}
      isDangerous
      onClose={onClose}
    >
      <p>
        The name, comments, drafts, bot keys, webhooks and every way to sign in are removed. Nothing brings them back,
        and the account stays closed.
      </p>
      <p>
        The id <Name>{account}</Name> stays in the ledger with its trades and results, so that everybody’s money stays
        as it is. So do the markets it has published, and back-ups made before.
      </p>
      <TextField label={`Type ${account} to go on`} required autoComplete="off" value={typed} onValue={setTyped} />
    </ConfirmDialog>
  );
}
