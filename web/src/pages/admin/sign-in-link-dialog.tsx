/** Makes a link with which somebody comes back into their account, on any device. */

import { useState } from "preact/hooks";

import type { Member, SignInLink } from "../../api/reads";
import { makeSignInLink } from "../../api/commands";
import { useUnkeyedCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { CopyButton } from "../../components/copy-button";
import { Dialog } from "../../components/dialog";
import { Name } from "../../components/live";
import { QrCode } from "../../components/qr-code";
import { formatDateTime } from "../../format/times";

export function SignInLinkDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const [made, setMade] = useState<SignInLink>();
  const command = useUnkeyedCommand(makeSignInLink, setMade);
  if (made === undefined) {
    return (
      <ConfirmDialog
        title={`A way back in for ${member.name}?`}
        action="Make the link"
        command={command}
        body={member.account}
        onClose={onClose}
      >
        <p>
          Whoever opens the link is signed in as <Name>{member.name}</Name>, once. Give it to nobody else.
        </p>
      </ConfirmDialog>
    );
  }
  return (
    <Dialog title={`For ${member.name} alone`} onClose={onClose}>
      <div class="invitation">
        <QrCode text={made.url} label={`Code to scan for ${member.name}`} />
        <div class="stack stack-tight">
          <span class="soft small">Good once, until {formatDateTime(made.expires_at)}</span>
          <CopyButton text={made.url} label="Copy the link" />
        </div>
      </div>
      <div class="row row-end">
        <button type="button" class="button" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
