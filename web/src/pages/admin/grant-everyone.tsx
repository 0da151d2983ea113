/** Gives each account the same credits: one grant for each, under a key of its own, so that doing it again completes it. */

import { useState } from "preact/hooks";

import { grantCredits } from "../../api/commands";
import { useCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { AmountField, TextField } from "../../components/field";
import { parseAmount } from "../../format/amount-input";
import { isPositive } from "../../format/micros";
import { formatCount } from "../../format/numbers";

interface Grants {
  readonly accounts: readonly string[];
  readonly amount: string;
  readonly reason: string;
}

export function GrantEveryone({ accounts, onClose }: { accounts: readonly string[]; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const command = useCommand("grant-everyone", grantEach, onClose);
  const open = command.interrupted;
  const amount = parseAmount(typed);
  const isRight = amount !== undefined && isPositive(amount);
  return (
    <ConfirmDialog
      title="Grant credits to everyone?"
      action={open === undefined ? "Grant" : "Go on"}
      command={command}
      body={open ?? { accounts, amount: amount ?? "0", reason: reason.trim() }}
      isReady={open !== undefined || (isRight && reason.trim() !== "")}
      onClose={onClose}
    >
      {open === undefined ? (
        <>
          <AmountField
            label="Credits for each"
            value={typed}
            error={typed === "" || isRight ? undefined : "Type an amount above zero, with at most six decimals."}
            onValue={setTyped}
          />
          <TextField label="Reason" longest={200} note="It is in their journals." value={reason} onValue={setReason} />
          <p>{formatCount(accounts.length)} accounts get them. They cannot be taken back.</p>
        </>
      ) : (
        <p>Not everybody has got theirs yet. Going on gives nobody anything twice.</p>
      )}
    </ConfirmDialog>
  );
}

async function grantEach({ accounts, amount, reason }: Grants, key: string): Promise<void> {
  for (const account of accounts) {
    await grantCredits(account, amount, reason, `${key}.${account}`);
  }
}
