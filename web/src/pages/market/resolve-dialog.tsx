/** Decides what happened, after showing who gets what. */

import { useEffect, useState } from "preact/hooks";

import { allHolders, type Resolution, resolveMarket } from "../../api/commands";
import { type Problem, problemOfFailure } from "../../api/problem";
import type { Holder, Market } from "../../api/reads";
import { useCommand } from "../../api/use-command";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { AmountField, Check, TextArea } from "../../components/field";
import { ErrorNotice } from "../../components/notice";
import { Person } from "../../components/person";
import { SkeletonRows } from "../../components/skeleton";
import { formatCount, formatCredits } from "../../format/numbers";
import { useDraft } from "../../session/use-draft";
import { allOn, type Payee, payees, type Payouts, total, typedPayouts } from "./payouts";
import { OutcomePicker } from "./outcome-picker";

const SHOWN = 8;

interface Typed {
  readonly winner: string;
  readonly isSplit: boolean;
  readonly reason: string;
  /** What a share of each outcome pays, where it is shared. */
  readonly typed: Readonly<Record<string, string>>;
}

const BLANK: Typed = { winner: "", isSplit: false, reason: "", typed: {} };

export function ResolveDialog({ market, onClose }: { market: Market; onClose: () => void }) {
  const { values, change, clear } = useDraft(`resolve.${market.slug}`, BLANK);
  const { isSplit, reason, typed } = values;
  const winner = market.outcomes.some(({ name }) => name === values.winner) ? values.winner : "";
  const leave = () => {
    clear();
    onClose();
  };
  const command = useCommand(
    `resolve.${market.slug}`,
    (body: Resolution, key) => resolveMarket(market.slug, body, key),
    leave,
  );
  const payouts = isSplit ? typedPayouts(market, typed) : winner === "" ? undefined : allOn(market, winner);
  const decided: Resolution = isSplit ? { payouts: { ...payouts } } : { outcome: winner };
  const body: Resolution = reason.trim() === "" ? decided : { ...decided, reason: reason.trim() };
  return (
    <ConfirmDialog
      title="What happened?"
      action={isSplit || winner === "" ? "Resolve" : `Resolve to ${winner}`}
      command={command}
      body={body}
      isDangerous
      isReady={payouts !== undefined}
      onClose={leave}
    >
      {isSplit ? (
        <SplitFields
          market={market}
          typed={typed}
          isValid={payouts !== undefined}
          onTyped={(typed) => {
            change({ typed });
          }}
        />
      ) : (
        <OutcomePicker
          market={market}
          value={winner}
          onChange={(winner) => {
            change({ winner });
          }}
        />
      )}
      <Check
        label="Share the payout among outcomes"
        isChecked={isSplit}
        onChange={(isSplit) => {
          change({ isSplit });
        }}
      />
      <TextArea
        label="Why (optional)"
        longest={1_000}
        note="Everybody can read it: where can it be looked up?"
        value={reason}
        onValue={(reason) => {
          change({ reason });
        }}
      />
      <WhoGetsWhat market={market} payouts={payouts} />
    </ConfirmDialog>
  );
}

interface SplitFieldsProps {
  market: Market;
  typed: Readonly<Record<string, string>>;
  isValid: boolean;
  onTyped: (typed: Readonly<Record<string, string>>) => void;
}

function SplitFields({ market, typed, isValid, onTyped }: SplitFieldsProps) {
  return (
    <div class="stack">
      {market.outcomes.map(({ name }) => (
        <AmountField
          key={name}
          label={`A share of ${name} pays`}
          value={typed[name] ?? ""}
          onValue={(value) => {
            onTyped({ ...typed, [name]: value });
          }}
        />
      ))}
      <p class="field-note">{isValid ? "Together exactly 1." : "Together they must be exactly 1."}</p>
    </div>
  );
}

/** The holders as they are now; undefined until they are known. */
function useHolders(slug: string, version: number) {
  const [answer, setAnswer] = useState<{ holders?: readonly Holder[]; isComplete?: boolean; problem?: Problem }>({});
  useEffect(() => {
    let isWanted = true;
    const hear = (heard: typeof answer) => {
      if (isWanted) {
        setAnswer(heard);
      }
    };
    allHolders(slug).then(hear, (failure: unknown) => {
      hear({ problem: problemOfFailure(failure) });
    });
    return () => {
      isWanted = false;
    };
  }, [slug, version]);
  return answer;
}

function WhoGetsWhat({ market, payouts }: { market: Market; payouts: Payouts | undefined }) {
  const { holders, isComplete, problem } = useHolders(market.slug, market.version);
  if (problem !== undefined) {
    return <ErrorNotice problem={problem} />;
  }
  if (holders === undefined) {
    return <SkeletonRows rows={3} height="2rem" />;
  }
  if (payouts === undefined) {
    return <p class="soft small">Choose what happened to see who gets what.</p>;
  }
  const paid = payees(holders, payouts);
  return (
    <div class="stack stack-tight">
      <h3>Who gets what</h3>
      <PayeeTable paid={paid} />
      <p class="soft small">
        {paid.length > SHOWN && `And ${formatCount(paid.length - SHOWN)} more. `}
        {isComplete === true ? "" : "There are more holders than could be looked at here. "}
        The rest of the pool goes back to <Person account={market.creator} />. This cannot be undone.
      </p>
    </div>
  );
}

function PayeeTable({ paid }: { paid: readonly Payee[] }) {
  if (paid.length === 0) {
    return <p class="small">Nobody holds shares: nothing is paid out.</p>;
  }
  return (
    <table>
      <thead class="unseen">
        <tr>
          <th scope="col">Account</th>
          <th scope="col">Credits</th>
        </tr>
      </thead>
      <tbody>
        {paid.slice(0, SHOWN).map(({ account, amount }) => (
          <tr key={account}>
            <td>
              <Person account={account} />
            </td>
            <td class="number" translate={false}>
              {formatCredits(amount)}
            </td>
          </tr>
        ))}
        <tr>
          <th scope="row">Together</th>
          <td class="number" translate={false}>
            <strong>{formatCredits(total(paid))}</strong>
          </td>
        </tr>
      </tbody>
    </table>
  );
}
