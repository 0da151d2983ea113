/** Keys with which programs act for the reader. */

import { useState } from "preact/hooks";

import { createApiKey, type KeyScope, revokeApiKey } from "../../api/commands";
import { type ApiKey, apiKeysQuery } from "../../api/reads";
import { useUnkeyedCommand } from "../../api/use-command";
import { useQuery } from "../../api/use-query";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { CopyButton } from "../../components/copy-button";
import { EmptyState } from "../../components/empty-state";
import { Check, TextField, TimeField } from "../../components/field";
import { Name } from "../../components/live";
import { ErrorNotice, Notice } from "../../components/notice";
import { Page } from "../../components/page";
import { SignInFirst } from "../../components/sign-in-first";
import { SkeletonRows } from "../../components/skeleton";
import { formatDay, formatPast, instantOf } from "../../format/times";
import { now } from "../../platform/clock";
import { placed } from "../../platform/place";
import { type Session, session } from "../../session/session";
import { useDraft } from "../../session/use-draft";
import { useStore } from "../../store";

type Created = Awaited<ReturnType<typeof createApiKey>>;

const WORDS: Readonly<Record<KeyScope, string>> = {
  read: "Read what I can see",
  trade: "Trade for me",
  admin: "Act as an admin",
};

export default function ApiKeysPage() {
  const user = useStore(session);
  return (
    <Page title="API keys" narrow>
      {user === undefined ? <SignInFirst what="make keys" /> : <Keys user={user} />}
    </Page>
  );
}

function Keys({ user }: { user: Session }) {
  const [created, setCreated] = useState<Created>();
  return (
    <>
      <p class="soft">
        A program sends its key as <code>Authorization: Bearer hk_…</code> and acts for you, as far as the key allows.{" "}
        <a href={placed("/docs")}>The API, explained</a>
      </p>
      <KeyForm scopes={user.isAdmin ? ["read", "trade", "admin"] : ["read", "trade"]} onCreated={setCreated} />
      {created !== undefined && <NewKey created={created} />}
      <KeyList />
    </>
  );
}

function NewKey({ created }: { created: Created }) {
  return (
    <Notice tone="good">
      <strong>
        Here is “<Name>{created.name}</Name>”. It is shown this once.
      </strong>
      <code>{created.key}</code>
      <div class="row">
        <CopyButton text={created.key} label="Copy the key" />
      </div>
    </Notice>
  );
}

const BLANK: { name: string; chosen: readonly KeyScope[]; until: string } = { name: "", chosen: ["read"], until: "" };

function KeyForm({ scopes, onCreated }: { scopes: readonly KeyScope[]; onCreated: (created: Created) => void }) {
  const { values, change, clear } = useDraft("api-key", BLANK);
  const [isTried, setIsTried] = useState(false);
  const { name, until } = values;
  const chosen = scopes.filter((scope) => values.chosen.includes(scope));
  const command = useUnkeyedCommand(
    (body: { name: string; scopes: readonly KeyScope[]; until: string | undefined }) =>
      createApiKey(body.name, [...body.scopes], body.until),
    (created) => {
      clear();
      setIsTried(false);
      onCreated(created);
    },
  );
  const isNameless = name.trim() === "";
  const submit = (event: Event) => {
    event.preventDefault();
    setIsTried(true);
    if (isNameless) {
      return;
    }
    void command.run({ name: name.trim(), scopes: chosen, until: instantOf(until) });
  };
  return (
    <form class="card stack" onSubmit={submit}>
      <h2>A new key</h2>
      <TextField
        label="What it is for"
        required
        error={isTried && isNameless ? "Say what it is for." : undefined}
        longest={120}
        value={name}
        onValue={(typed) => {
          change({ name: typed });
        }}
      />
      <fieldset class="field">
        <legend>What it may do</legend>
        {scopes.map((scope) => (
          <Check
            key={scope}
            label={WORDS[scope]}
            isChecked={chosen.includes(scope)}
            onChange={(isChecked) => {
              change({ chosen: scopes.filter((other) => (other === scope ? isChecked : chosen.includes(other))) });
            }}
          />
        ))}
      </fieldset>
      <TimeField
        label="Good until (optional)"
        value={until}
        onValue={(typed) => {
          change({ until: typed });
        }}
      />
      {command.problem !== undefined && <ErrorNotice problem={command.problem} />}
      <button type="submit" class="button button-strong" disabled={command.isRunning || chosen.length === 0}>
        Make the key
      </button>
    </form>
  );
}

function KeyList() {
  const { data, problem, retry } = useQuery(apiKeysQuery);
  const [asking, setAsking] = useState<ApiKey>();
  const command = useUnkeyedCommand(revokeApiKey, () => {
    setAsking(undefined);
  });
  if (data === undefined) {
    return problem === undefined ? <SkeletonRows rows={3} /> : <ErrorNotice problem={problem} onRetry={retry} />;
  }
  const keys = data["api-keys"];
  return (
    <section class="card stack" aria-labelledby="keys">
      <h2 id="keys">Your keys</h2>
      {keys.length === 0 && <EmptyState title="You have no keys yet" />}
      <ul class="stack">
        {keys.map((key) => (
          <li key={key.id} class="row row-apart">
            <span>
              <strong dir="auto">{key.name}</strong> <span class="soft small">{key.scopes.join(", ")}</span>
              <br />
              <span class="soft small">
                made {formatDay(key.created_at)},{" "}
                {key.last_used_at === null ? "never used" : `used ${formatPast(key.last_used_at)}`}
                {key.expires_at !== null &&
                  (Date.parse(key.expires_at) > now()
                    ? `, good until ${formatDay(key.expires_at)}`
                    : `, expired ${formatPast(key.expires_at)}`)}
              </span>
            </span>
            <button
              type="button"
              class="button button-small"
              onClick={() => {
                setAsking(key);
              }}
            >
              Revoke …
            </button>
          </li>
        ))}
      </ul>
      {asking !== undefined && (
        <ConfirmDialog
          title={`Revoke “${asking.name}”?`}
          action="Revoke"
          command={command}
          body={asking.id}
          isDangerous
          onClose={() => {
            setAsking(undefined);
          }}
        >
          <p>Programs that use it are refused from now on. This cannot be undone.</p>
        </ConfirmDialog>
      )}
    </section>
  );
}
