/** The form of a market, for a new draft and for one that is edited. */

import { Live, Words } from "../../components/live";
import { useEffect, useRef, useState } from "preact/hooks";

import type { Command } from "../../api/use-command";
import { AmountField, halfFilled, TextArea, TextField, TimeField } from "../../components/field";
import { CommandProblem, Notice } from "../../components/notice";
import { typedAmount } from "../../format/amount-input";
import { formatCost } from "../../format/numbers";
import { suggestSlug } from "../../format/slug";
import { now } from "../../platform/clock";
import type { Draft as FormDraft } from "../../session/use-draft";
import { type Complaints, complaintsAbout, complaintsOf, HALF_A_TIME } from "./complaints";
import { OutcomeFields } from "./outcome-fields";
import { costOf, type FormValues } from "./form-values";

interface MarketFormProps {
  draft: FormDraft<FormValues>;
  action: string;
  command: Omit<Command<unknown>, "run">;
  /** Whether the address can still be chosen. */
  isNew: boolean;
  onSubmit: (values: FormValues) => void;
}

const LIQUIDITIES = [
  { amount: "50", words: "Lively" },
  { amount: "100", words: "Balanced" },
  { amount: "300", words: "Steady" },
];

export function MarketForm({ draft, action, command, isNew, onSubmit }: MarketFormProps) {
  const { values, change: set } = draft;
  const [isTried, setIsTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const [isHalf, setIsHalf] = useState(false);
  const found = isTried ? complaintsAbout(values, isNew, now()) : {};
  const said = complaintsOf(command.problem);
  const half: Complaints = isHalf && values.closesAt === "" ? { closesAt: HALF_A_TIME } : {};
  const errors: Complaints = { ...said, ...found, ...half };
  const focusWrong = () => {
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  const submit = (event: Event) => {
    event.preventDefault();
    setIsTried(true);
    const isHalf = halfFilled(form.current).length > 0;
    setIsHalf(isHalf);
    if (isHalf || Object.keys(complaintsAbout(values, isNew, now())).length > 0) {
      focusWrong();
    } else if (!command.isRunning) {
      onSubmit(values);
    }
  };
  useEffect(() => {
    if (Object.keys(complaintsOf(command.problem)).length > 0) {
      focusWrong();
    }
  }, [command.problem]);

  return (
    <form ref={form} class="stack stack-wide" noValidate onSubmit={submit}>
      <section class="card stack" aria-labelledby="question">
        <h2 id="question">The question</h2>
        <TextField
          label="Question"
          required
          placeholder="Will it rain on Saturday?"
          value={values.name}
          error={errors.name}
          onValue={(name) => {
            const isSuggested = values.slug === suggestSlug(values.name);
            set({ name, ...(isNew && isSuggested ? { slug: suggestSlug(name) } : {}) });
          }}
        />
        {isNew && (
          <TextField
            label="Address"
            required
            pattern="[a-z0-9](?:[a-z0-9\-]{0,62}[a-z0-9])?"
            note={`/markets/${values.slug === "" ? "…" : values.slug}: lower-case letters, digits and hyphens; it never changes.`}
            value={values.slug}
            error={errors.slug}
            onValue={(slug) => {
              set({ slug });
            }}
          />
        )}
        <TextArea
          label="How it is decided"
          note="Whoever reads this must come to the same answer as you."
          value={values.rules}
          error={errors.rules}
          onValue={(rules) => {
            set({ rules });
          }}
        />
        <TextArea
          label="Background (optional)"
          value={values.description}
          error={errors.description}
          onValue={(description) => {
            set({ description });
          }}
        />
      </section>
      <section class="card stack" aria-labelledby="trading">
        <h2 id="trading">Trading</h2>
        <OutcomeFields
          outcomes={values.outcomes}
          errors={errors}
          onChange={(outcomes) => {
            set({ outcomes });
          }}
        />
        <AmountField
          label="Liquidity"
          required
          note="How much it takes to move the price: more is steadier, and costs you more."
          value={values.liquidity}
          error={errors.liquidity}
          onValue={(liquidity) => {
            set({ liquidity });
          }}
        />
        <div class="row">
          {LIQUIDITIES.map(({ amount, words }) => (
            <button
              key={amount}
              type="button"
              class="button button-small"
              onClick={() => {
                set({ liquidity: typedAmount(amount) });
              }}
            >
              {words} ({amount})
            </button>
          ))}
        </div>
        <Subsidy values={values} />
        <TimeField
          label="Closes (optional)"
          note="Without a time you close it by hand."
          value={values.closesAt}
          error={errors.closesAt}
          onValue={(closesAt) => {
            set({ closesAt });
          }}
        />
        <TextField
          label="Tags (optional)"
          placeholder="weather, work"
          note="Up to ten, with commas between them."
          value={values.tags}
          error={errors.tags}
          onValue={(tags) => {
            set({ tags });
          }}
        />
      </section>
      {Object.keys(errors).length > 0 ? (
        <Notice tone="bad">Something is missing or not right: it is marked above.</Notice>
      ) : (
        <CommandProblem command={command} />
      )}
      <div class="row row-end">
        <button type="submit" class="button button-strong" disabled={command.isRunning}>
          <Words>{command.isRunning ? "One moment …" : action}</Words>
        </button>
      </div>
    </form>
  );
}

/** What publishing will cost, as the numbers are typed. */
function Subsidy({ values }: { values: FormValues }) {
  const cost = costOf(values);
  return (
    <p class="notice" aria-live="polite">
      {cost === undefined ? (
        "Liquidity is an amount from 1 to 1,000,000."
      ) : (
        <span>
          Publishing will cost you a subsidy of{" "}
          <strong>
            <Live>{formatCost(cost)}</Live> credits
          </strong>
          : the most this market can lose to those who know better. What they do not win comes back to you.
        </span>
      )}
    </p>
  );
}
