/** Changes what people call an account. */

import { useState } from "preact/hooks";

import type { Member } from "../../api/reads";
import { renamePerson } from "../../api/commands";
import { useUnkeyedCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { TextField } from "../../components/field";
import { isName, LONGEST_NAME } from "../../format/name";

export function RenameDialog({ member, onClose }: { member: Pick<Member, "account" | "name">; onClose: () => void }) {
  const [name, setName] = useState(member.name);
  const command = useUnkeyedCommand((given: string) => renamePerson(member.account, given), onClose);
  return (
    <ConfirmDialog
      title={`Rename ${member.name}`}
      action="Rename"
      command={command}
      body={name.trim()}
      isReady={isName(name.trim()) && name.trim() !== member.name}
      onClose={onClose}
    >
      <TextField
        label="Name"
        required
        longest={LONGEST_NAME}
        note={`Everybody sees it. The account stays ${member.account}.`}
        value={name}
        error={command.problem?.fields.name}
        onValue={(typed) => {
          setName(typed);
          command.quiet();
        }}
      />
    </ConfirmDialog>
  );
}
