/** Where people trade: choose, type, see what it would do, do it. */

import { Words } from "../../components/live";
import "./trade-panel.css";

import { useState } from "preact/hooks";

import { type Order, type OrderBody, placeOrder } from "../../api/commands";
import type { Market, Position } from "../../api/reads";
import { useCommand } from "../../api/use-command";
import { connection } from "../../api/connection";
import { outcomeStyle } from "../../chart/palette";
import { AmountField } from "../../components/field";
import { ErrorNotice, Notice } from "../../components/notice";
import { wordsOf } from "../../components/problem-words";
import { Segments } from "../../components/segments";
import { typedAmount } from "../../format/amount-input";
import { isAbove, isPositive, portion } from "../../format/micros";
import { formatCredits, formatShares } from "../../format/numbers";
import { Link } from "../../routing/link";
import { signInAddress } from "../../routing/location";
import { session } from "../../session/session";
import { useDraft } from "../../session/use-draft";
import { useStore } from "../../store";
import { InterruptedOrder } from "./interrupted-order";
import { resolvesAsCreator } from "./interest";
import { OrderPreview } from "./order-preview";
import { beginning, complaint, limitedOrder, orderOf, type Side, type Terms, validTerms } from "./order-terms";
import { OutcomePicker } from "./outcome-picker";
import { Receipt } from "./receipt";
import { orderPurpose, tradeDraft } from "./use-interrupted-order";
import { type Preview, usePreview } from "./use-preview";

const SIDES: readonly { value: Side; label: string }[] = [
  { value: "buy", label: "Buy" },
  { value: "sell", label: "Sell" },
];
const SPENDS = ["10", "50", "100"];
const CHANCES = ["60", "75", "90"];
const LABELS = {
  buy: { amount: "Credits to spend", chance: "Buy until the chance is, in %" },
  sell: { amount: "Shares to sell", chance: "" },
} as const;

export interface TradePanelProps {
  market: Market;
  positions: readonly Position[];
  balance: string | undefined;
}

/** @param outcome the one to begin with; the first of two or the likeliest of more, unless given. */
export function TradePanel({ market, positions, balance, outcome }: TradePanelProps & { outcome?: string }) {
  const user = useStore(session);
  const isOnline = useStore(connection) === "online";
  const draft = useDraft(tradeDraft(market.slug), beginning(market, outcome));
  const terms = validTerms(draft.values, market);
  const [filled, setFilled] = useState<Order>();
  const held = positions.find((position) => position.outcome === terms.outcome)?.quantity ?? "0";

  const command = useCommand(
    orderPurpose(market.slug),
    (body: OrderBody, key) => placeOrder(market.slug, body, key),
    (order) => {
      setFilled(order);
      if (draft.latest().typed === terms.typed) {
        draft.change({ typed: "" }); // otherwise the next order is being typed already
      }
    },
  );
  const order = orderOf(terms, balance);
  const preview = usePreview(market.slug, order, market.version);

  const change = (changed: Partial<Terms>) => {
    setFilled(undefined);
    draft.change(changed);
  };

  const shortage = user && shortageOf(terms.side, preview, balance, held);
  const names = market.outcomes.map((outcome) => outcome.name);
  const error = complaint(terms) ?? shortage ?? (preview.problem && wordsOf(preview.problem).message);
  const isReady = order !== undefined && preview.quote !== undefined && preview.isCurrent && error === undefined;
  const isFree = !command.isRunning && command.interrupted === undefined;
  const canSubmit = isReady && isFree && user !== undefined && isOnline;
  const submit = (event: Event) => {
    event.preventDefault();
    // Enter in the field comes here as well, also while there is no button or one that is disabled.
    if (canSubmit) {
      void command.run(limitedOrder(order, preview.quote));
    }
  };
  return (
    <form class="card stack trade-panel" aria-label="Trade" onSubmit={submit}>
      <Segments
        legend="Buy or sell"
        options={SIDES}
        value={terms.side}
        onChange={(side) => {
          change({ side, typed: "", goal: "amount" });
        }}
      />
      <OutcomePicker
        market={market}
        value={terms.outcome}
        onChange={(outcome) => {
          change({ outcome, typed: terms.side === "sell" ? "" : terms.typed });
        }}
      />
      <AmountField
        label={LABELS[terms.side][terms.goal]}
        placeholder={terms.goal === "chance" ? "80" : "0"}
        value={terms.typed}
        error={error}
        note={error === undefined ? noteOf(terms, balance, held) : undefined}
        onValue={(typed) => {
          change({ typed });
        }}
      />
      <Suggestions
        terms={terms}
        balance={balance}
        held={held}
        onChoose={(amount) => {
          change({ typed: typedAmount(amount) });
        }}
        onGoal={(goal) => {
          change({ goal, typed: "" });
        }}
      />
      <OrderPreview terms={terms} preview={preview} />
      {command.problem !== undefined && command.interrupted === undefined && <ErrorNotice problem={command.problem} />}
      {filled !== undefined && <Receipt key={filled.id} order={filled} />}
      {terms.side === "buy" && positions.length === 0 && resolvesAsCreator(user, market) && (
        <Notice tone="care">
          You asked this question. If you buy shares, you may not resolve it any more: an admin will have to.
        </Notice>
      )}
      {command.interrupted === undefined ? (
        <Submit
          terms={terms}
          style={outcomeStyle(names.indexOf(terms.outcome), names.length)}
          canSubmit={canSubmit}
          isRunning={command.isRunning}
        />
      ) : (
        <InterruptedOrder order={command.interrupted} command={command} />
      )}
    </form>
  );
}

/** Why one cannot afford it, before the server has to say so. */
function shortageOf(side: Side, { quote }: Preview, balance: string | undefined, held: string): string | undefined {
  if (quote?.side !== side) {
    return undefined;
  }
  if (side === "buy") {
    return balance !== undefined && isAbove(quote.amount, balance)
      ? `That is more than the ${formatCredits(balance)} credits that you have.`
      : undefined;
  }
  return isAbove(quote.quantity, held)
    ? `That is more than the ${formatShares(held)} shares of this that you have.`
    : undefined;
}

function noteOf({ side, goal }: Terms, balance: string | undefined, held: string): string {
  if (side === "sell") {
    return `You have ${formatShares(held)} shares of this.`;
  }
  if (goal === "chance") {
    return "Buys until then, or as far as your credits reach.";
  }
  return balance === undefined
    ? "Try any amount: a preview costs nothing."
    : `You have ${formatCredits(balance)} credits.`;
}

interface SuggestionsProps {
  terms: Terms;
  balance: string | undefined;
  held: string;
  onChoose: (amount: string) => void;
  onGoal: (goal: Terms["goal"]) => void;
}

function Suggestions({ terms, balance, held, onChoose, onGoal }: SuggestionsProps) {
  const otherGoal = terms.goal === "amount" ? "chance" : "amount";
  return (
    <div class="suggestions">
      {suggestedAmounts(terms, balance, held).map(({ label, amount }) => (
        <button
          key={label}
          type="button"
          class="button button-small"
          disabled={!isPositive(amount)}
          onClick={() => {
            onChoose(amount);
          }}
        >
          {label}
        </button>
      ))}
      {terms.side === "buy" && (
        <button
          type="button"
          class="button button-small"
          onClick={() => {
            onGoal(otherGoal);
          }}
        >
          <Words>{otherGoal === "chance" ? "To … %" : "Credits"}</Words>
        </button>
      )}
    </div>
  );
}

function suggestedAmounts(
  { side, goal }: Terms,
  balance: string | undefined,
  held: string,
): readonly { label: string; amount: string }[] {
  if (side === "sell") {
    return [
      { label: "25 %", amount: portion(held, 25) },
      { label: "50 %", amount: portion(held, 50) },
      { label: "Sell all", amount: held },
    ];
  }
  return goal === "chance"
    ? CHANCES.map((amount) => ({ label: `${amount} %`, amount }))
    : [...SPENDS.map((amount) => ({ label: amount, amount })), { label: "Max", amount: balance ?? "0" }];
}

interface SubmitProps {
  terms: Terms;
  style: Readonly<Record<string, string>>;
  canSubmit: boolean;
  isRunning: boolean;
}

function Submit({ terms, style, canSubmit, isRunning }: SubmitProps) {
  const user = useStore(session);
  const isOnline = useStore(connection) === "online";
  if (user === undefined) {
    return (
      <Link href={signInAddress()} class="button button-strong button-large">
        Sign in to trade
      </Link>
    );
  }
  const action = `${terms.side === "buy" ? "Buy" : "Sell"} ${terms.outcome}`;
  return (
    <>
      <button type="submit" class="button button-large button-outcome" style={style} disabled={!canSubmit}>
        <Words>{isRunning ? "One moment …" : action}</Words>
      </button>
      {!isOnline && <Notice tone="care">Trading goes on when you are online again.</Notice>}
    </>
  );
}
