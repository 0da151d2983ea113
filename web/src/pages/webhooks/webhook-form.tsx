/** A new webhook: where to, about which market, and what of it. */

import { useState } from "preact/hooks";

import { createWebhook, type DisclosedWebhook } from "../../api/commands";
import type { EventType } from "../../api/reads";
import { useUnkeyedCommand } from "../../api/use-command";
import { Check, TextField } from "../../components/field";
import { ErrorNotice } from "../../components/notice";

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

export function WebhookForm({ onCreated }: { onCreated: (created: DisclosedWebhook) => void }) {
  const [url, setUrl] = useState("");
  const [market, setMarket] = useState("");
  const [chosen, setChosen] = useState(CHOICES);
  const command = useUnkeyedCommand(createWebhook, (created) => {
    setUrl("");
    setMarket("");
    onCreated(created);
  });
  const submit = (event: Event) => {
    event.preventDefault();
    const about = market.trim();
    void command.run({
      url: url.trim(),
      ...(about === "" ? {} : { market: about }),
      ...(chosen.length === CHOICES.length ? {} : { types: chosen.flatMap(({ types }) => types) }),
    });
  };
  return (
    <form class="card stack" onSubmit={submit}>
      <h2>A new webhook</h2>
      <TextField label="Address" required placeholder="https://example.com/hook" value={url} onValue={setUrl} />
      <TextField
        label="Market (optional)"
        note="The last part of its address, such as chess-final. Without one, it is told of all markets."
        value={market}
        onValue={setMarket}
      />
      <fieldset class="field">
        <legend>What it is told of</legend>
        {CHOICES.map((choice) => (
          <Check
            key={choice.label}
            label={choice.label}
            isChecked={chosen.includes(choice)}
            onChange={(isChecked) => {
              setChosen(CHOICES.filter((other) => (other === choice ? isChecked : chosen.includes(other))));
            }}
          />
        ))}
      </fieldset>
      {command.problem !== undefined && <ErrorNotice problem={command.problem} />}
      <button type="submit" class="button button-strong" disabled={command.isRunning || chosen.length === 0}>
        Make the webhook
      </button>
    </form>
  );
}
