/** The reader's webhooks, how it goes with each, and what can be done about it. */

import { useState } from "preact/hooks";

import { type DisclosedWebhook, deleteWebhook, enableWebhook, rotateWebhookSecret } from "../../api/commands";
import { type Webhook, webhooksQuery } from "../../api/reads";
import { useUnkeyedCommand } from "../../api/use-command";
import { useQuery } from "../../api/use-query";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { EmptyState } from "../../components/empty-state";
import { ErrorNotice } from "../../components/notice";
import { SkeletonRows } from "../../components/skeleton";
import { formatDay } from "../../format/times";
import { Deliveries } from "./deliveries";

const EVERY_MS = 5_000;

const STATUS: Readonly<Record<Webhook["status"], string>> = {
  active: "working",
  failing: "failing, tried again later",
  disabled: "switched off after too many failures",
};

interface Asked {
  readonly what: "rotate" | "delete";
  readonly webhook: Webhook;
}

export function WebhookList({ onSecret }: { onSecret: (disclosed: DisclosedWebhook) => void }) {
  const { data, problem, retry } = useQuery(webhooksQuery, EVERY_MS);
  const [asked, setAsked] = useState<Asked>();
  const close = () => {
    setAsked(undefined);
  };
  if (data === undefined) {
    return problem === undefined ? <SkeletonRows rows={3} /> : <ErrorNotice problem={problem} onRetry={retry} />;
  }
  return (
    <section class="card stack" aria-labelledby="webhooks">
      <h2 id="webhooks">Your webhooks</h2>
      {data.webhooks.length === 0 && <EmptyState title="You have no webhooks yet" />}
      <ul class="stack">
        {data.webhooks.map((webhook) => (
          <WebhookItem key={webhook.id} webhook={webhook} onAsk={setAsked} />
        ))}
      </ul>
      {asked?.what === "rotate" && <RotateDialog webhook={asked.webhook} onSecret={onSecret} onClose={close} />}
      {asked?.what === "delete" && <DeleteDialog webhook={asked.webhook} onClose={close} />}
    </section>
  );
}

function WebhookItem({ webhook, onAsk }: { webhook: Webhook; onAsk: (asked: Asked) => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const enable = useUnkeyedCommand(enableWebhook, () => undefined);
  const about = webhook.market ?? "all markets";
  return (
    <li class="stack">
      <div>
        <strong>
          <bdi>{webhook.url}</bdi>
        </strong>
        <br />
        <span class="soft small">
          about {about}, {webhook.types === null ? "everything" : webhook.types.join(", ")}; made{" "}
          {formatDay(webhook.created_at)}
        </span>
        <br />
        <span class={webhook.status === "active" ? "soft small" : "small"}>
          {STATUS[webhook.status]}
          {webhook.last_error !== null && `: ${webhook.last_error}`}
        </span>
      </div>
      {enable.problem !== undefined && <ErrorNotice problem={enable.problem} />}
      <div class="row">
        {webhook.status !== "active" && (
          <button
            type="button"
            class="button button-small button-strong"
            disabled={enable.isRunning}
            onClick={() => {
              void enable.run(webhook.id);
            }}
          >
            Go on now
          </button>
        )}
        <button
          type="button"
          class="button button-small"
          aria-expanded={isOpen}
          onClick={() => {
            setIsOpen(!isOpen);
          }}
        >
          Attempts
        </button>
        <button
          type="button"
          class="button button-small"
          onClick={() => {
            onAsk({ what: "rotate", webhook });
          }}
        >
          New secret …
        </button>
        <button
          type="button"
          class="button button-small"
          onClick={() => {
            onAsk({ what: "delete", webhook });
          }}
        >
          Delete …
        </button>
      </div>
      {isOpen && <Deliveries id={webhook.id} />}
    </li>
  );
}

function RotateDialog({
  webhook,
  onSecret,
  onClose,
}: {
  webhook: Webhook;
  onSecret: (disclosed: DisclosedWebhook) => void;
  onClose: () => void;
}) {
  const command = useUnkeyedCommand(rotateWebhookSecret, (disclosed) => {
    onSecret(disclosed);
    onClose();
  });
  return (
    <ConfirmDialog title="Make a new secret?" action="Make it" command={command} body={webhook.id} onClose={onClose}>
      <p>Messages are signed with both secrets for 24 hours, and with the new one alone after that.</p>
    </ConfirmDialog>
  );
}

function DeleteDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const command = useUnkeyedCommand(deleteWebhook, onClose);
  return (
    <ConfirmDialog
      title="Delete this webhook?"
      action="Delete"
      command={command}
      body={webhook.id}
      isDangerous
      onClose={onClose}
    >
      <p>
        Nothing more is sent to <bdi>{webhook.url}</bdi>. This cannot be undone.
      </p>
    </ConfirmDialog>
  );
}
