/** A new webhook: where to, about which market, and what of it. */

import { createWebhook, type DisclosedWebhook } from "../../api/commands";
import type { EventType } from "../../api/reads";
import { useUnkeyedCommand } from "../../api/use-command";
import { Check, TextField } from "../../components/field";
import { ErrorNotice } from "../../components/notice";
import { useDraft } from "../../session/use-draft";
import { complaintsOf, marketIn } from "./complaints";

/** What people choose from, and the types of events that it stands for. */
const CHOICES: readonly { readonly label: string; readonly types: readonly EventType[] }[] = [
  { label: "Trades", types: ["trade"] },
  {
    label: "Markets published, closed, reopened or clarified",
    types: ["market.published", "market.closed", "market.reopened", "market.clarified"],
  },
  {
    label: "Decisions and payouts",
    types: ["market.resolving", "market.withdrawn", "market.resolved", "market.voided"],
  },
];

const BLANK = { url: "", market: "", chosen: CHOICES.map(({ label }) => label) };

export function WebhookForm({ onCreated }: { onCreated: (created: DisclosedWebhook) => void }) {
  const { values, change, clear } = useDraft("webhook", BLANK);
  const { url, market } = values;
  const chosen = CHOICES.filter(({ label }) => values.chosen.includes(label));
  const command = useUnkeyedCommand(createWebhook, (created) => {
    clear();
    onCreated(created);
  });
  const complaints = complaintsOf(command.problem);
  const submit = (event: Event) => {
    event.preventDefault();
    const about = marketIn(market);
    void command.run({
      url: url.trim(),
      ...(about === "" ? {} : { market: about }),
      ...(chosen.length === CHOICES.length ? {} : { types: chosen.flatMap(({ types }) => types) }),
    });
  };
  return (
    <form class="card stack" onSubmit={submit}>
      <h2>A new webhook</h2>
      <TextField
        label="Address"
        required
        error={complaints.url}
        placeholder="https://example.com/hook"
        value={url}
        onValue={(typed) => {
          change({ url: typed });
        }}
      />
      <TextField
        label="Market (optional)"
        error={complaints.market}
        note="The last part of its address, such as chess-final. Without one, it is told of all markets."
        value={market}
        onValue={(typed) => {
          change({ market: typed });
        }}
      />
      <fieldset class="field">
        <legend>What it is told of</legend>
        {CHOICES.map((choice) => (
          <Check
            key={choice.label}
            label={choice.label}
            isChecked={chosen.includes(choice)}
            onChange={(isChecked) => {
              const wanted = CHOICES.filter((other) => (other === choice ? isChecked : chosen.includes(other)));
              change({ chosen: wanted.map(({ label }) => label) });
            }}
          />
        ))}
      </fieldset>
      {command.problem !== undefined && Object.keys(complaints).length === 0 && (
        <ErrorNotice problem={command.problem} />
      )}
      <button type="submit" class="button button-strong" disabled={command.isRunning || chosen.length === 0}>
        Make the webhook
      </button>
    </form>
  );
}
