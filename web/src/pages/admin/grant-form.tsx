/** Gives an account credits, after asking once more: what is issued cannot be taken back. */

import { useState } from "preact/hooks";

import { grantCredits } from "../../api/commands";
import { useCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { AmountField, TextField } from "../../components/field";
import { Interrupted } from "../../components/interrupted";
import { Name } from "../../components/live";
import { Notice } from "../../components/notice";
import { parseAmount } from "../../format/amount-input";
import { isPositive } from "../../format/micros";
import { formatCredits } from "../../format/numbers";
import { useDraft } from "../../session/use-draft";

interface Grant {
  readonly account: string;
  readonly amount: string;
  readonly reason: string;
}

const BLANK: Grant = { account: "", amount: "", reason: "" };

export function GrantForm() {
  const { values: typed, change, clear } = useDraft("grant", BLANK);
  const [asking, setAsking] = useState<Grant>();
  const [granted, setGranted] = useState<Grant>();
  const command = useCommand(
    "grant",
    ({ account, amount, reason }: Grant, key) => grantCredits(account, amount, reason, key),
    (_, grant) => {
      setAsking(undefined);
      setGranted(grant);
      clear();
    },
  );
  const amount = parseAmount(typed.amount);
  const isWrong = typed.amount !== "" && (amount === undefined || !isPositive(amount));
  const set = (changed: Partial<Grant>) => {
    setGranted(undefined);
    change(changed);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (amount !== undefined && !isWrong) {
      setAsking({ ...typed, amount });
    }
  };
  return (
    <form class="card stack" aria-labelledby="grant" onSubmit={submit}>
      <h2 id="grant">Grant credits</h2>
      <TextField
        label="Account"
        required
        autoCapitalize="none"
        autoComplete="off"
        value={typed.account}
        onValue={(account) => {
          set({ account });
        }}
      />
      <AmountField
        label="Credits"
        required
        error={isWrong ? "Type an amount above zero, with at most six decimals." : undefined}
        value={typed.amount}
        onValue={(text) => {
          set({ amount: text });
        }}
      />
      <TextField
        label="Reason"
        required
        longest={200}
        note="It is in their journal."
        value={typed.reason}
        onValue={(reason) => {
          set({ reason });
        }}
      />
      {granted !== undefined && (
        <Notice tone="good">
          {granted.account} got {formatCredits(granted.amount)} credits.
        </Notice>
      )}
      {asking === undefined && command.interrupted !== undefined && (
        <Interrupted
          title="Your grant may not have arrived"
          what={`${formatCredits(command.interrupted.amount)} credits for ${command.interrupted.account}.`}
          body={command.interrupted}
          command={command}
        />
      )}
      <button type="submit" class="button button-strong">
        Grant …
      </button>
      {asking !== undefined && (
        <ConfirmDialog
          title="Grant these credits?"
          action="Grant"
          command={command}
          body={asking}
          onClose={() => {
            setAsking(undefined);
          }}
        >
          <p>
            <strong>{asking.account}</strong> gets <strong>{formatCredits(asking.amount)} credits</strong>:{" "}
            <Name>{asking.reason}</Name>. They cannot be taken back.
          </p>
        </ConfirmDialog>
      )}
    </form>
  );
}
