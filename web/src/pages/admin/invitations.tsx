/** Invitations: a link, and a code for it, with which so many people may come in until some time. */

import { useState } from "preact/hooks";

import { invite, revokeInvitation } from "../../api/commands";
import { cameByQuery, endOfInvitation, type Invitation, invitationsQuery } from "../../api/reads";
import { useUnkeyedCommand } from "../../api/use-command";
import { SLOW, useQuery } from "../../api/use-query";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { CopyButton } from "../../components/copy-button";
import { EmptyState } from "../../components/empty-state";
import { TextField, TimeField } from "../../components/field";
import { Name } from "../../components/live";
import { QrCode } from "../../components/qr-code";
import { Link } from "../../routing/link";
import { ErrorNotice } from "../../components/notice";
import { SkeletonRows } from "../../components/skeleton";
import { formatCount } from "../../format/numbers";
import { formatDateTime, instantOf, localTime } from "../../format/times";
import { now as serverNow } from "../../platform/clock";

const ROLES: Readonly<Record<string, string>> = { admin: "admins", creator: "creators" };
const WEEK_MS = 7 * 86_400_000;

export function Invitations() {
  return (
    <section class="card stack" aria-labelledby="invitations">
      <div>
        <h2 id="invitations">Invitations</h2>
        <p class="soft small">Whoever has the link may open an account, until it is used up or its time is over.</p>
      </div>
      <InviteForm />
      <Outstanding />
    </section>
  );
}

function InviteForm() {
  const [count, setCount] = useState("30");
  const [until, setUntil] = useState(() => localTime(new Date(serverNow() + WEEK_MS).toISOString()));
  const command = useUnkeyedCommand(
    (body: { count: number; until: string }) => invite(body.count, body.until),
    () => undefined, // it is in the list below
  );
  const submit = (event: Event) => {
    event.preventDefault();
    const instant = instantOf(until);
    if (instant !== undefined) {
      void command.run({ count: Number(count), until: instant });
    }
  };
  return (
    <form class="stack" onSubmit={submit}>
      <div class="invite-fields">
        <TextField label="How many people" type="number" min={1} required value={count} onValue={setCount} />
        <TimeField label="Good until" required value={until} onValue={setUntil} />
        <button type="submit" class="button button-strong" disabled={command.isRunning}>
          Invite
        </button>
      </div>
      {command.problem !== undefined && <ErrorNotice problem={command.problem} />}
    </form>
  );
}

function Outstanding() {
  const { data, problem, retry } = useQuery(invitationsQuery);
  const [asking, setAsking] = useState<string>();
  const command = useUnkeyedCommand(revokeInvitation, () => {
    setAsking(undefined);
  });
  if (data === undefined) {
    return problem === undefined ? <SkeletonRows rows={3} /> : <ErrorNotice problem={problem} onRetry={retry} />;
  }
  if (data.invitations.length === 0) {
    return <EmptyState title="Nobody has been invited yet" />;
  }
  return (
    <>
      <ul class="invitations">
        {data.invitations.map((invitation) => (
          <InvitationItem key={invitation.id} invitation={invitation} onRevoke={setAsking} />
        ))}
      </ul>
      {asking !== undefined && (
        <ConfirmDialog
          title="Revoke this invitation?"
          action="Revoke"
          command={command}
          body={asking}
          isDangerous
          onClose={() => {
            setAsking(undefined);
          }}
        >
          <p>Its link and its code will open no account any more. Accounts that they have opened stay.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

interface InvitationItemProps {
  invitation: Invitation;
  onRevoke: (id: string) => void;
}

function InvitationItem({ invitation, onRevoke }: InvitationItemProps) {
  return (
    <li class="invitation">
      <QrCode text={invitation.url} label="Code to scan for this invitation" />
      <div class="stack stack-tight">
        <strong>
          {invitation.roles.map((role) => (
            <span key={role} class="badge badge-care">
              for {ROLES[role] ?? role}
            </span>
          ))}{" "}
          {formatCount(invitation.used)} of {formatCount(invitation.count)} have come in
        </strong>
        <span class="soft small">
          {endOfInvitation(invitation, serverNow()) === "expired" ? "Expired" : "Good until"}{" "}
          {formatDateTime(invitation.expires_at)}
        </span>
        {invitation.used > 0 && <WhoCameIn invitation={invitation} />}
        <div class="row">
          <CopyButton text={invitation.url} label="Copy the link" />
          <Link href={`/admin/invitations/${invitation.id}`} class="button button-small">
            Full screen
          </Link>
          <button
            type="button"
            class="button button-small"
            onClick={() => {
              onRevoke(invitation.id);
            }}
          >
            Revoke …
          </button>
        </div>
      </div>
    </li>
  );
}

/** Their names, once somebody wants to know: of a class of thirty that is a page of people. */
function WhoCameIn({ invitation }: { invitation: Invitation }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      class="small"
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>Who came in</summary>
      {isOpen && <Admitted invitation={invitation} />}
    </details>
  );
}

function Admitted({ invitation }: { invitation: Invitation }) {
  const { data, problem, retry } = useQuery(cameByQuery(invitation.id), SLOW);
  if (data === undefined) {
    return problem === undefined ? <SkeletonRows rows={1} /> : <ErrorNotice problem={problem} onRetry={retry} />;
  }
  return (
    <ul class="admitted">
      {data.people.map(({ account, name, created_at }) => (
        <li key={account}>
          <Name>{name}</Name> <span class="soft">{formatDateTime(created_at)}</span>
        </li>
      ))}
      {data.isComplete && data.people.length < invitation.used && (
        <li class="soft">Some came in before that was kept.</li>
      )}
    </ul>
  );
}
