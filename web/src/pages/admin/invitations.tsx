/** Invitations: new ones with a code to scan, and those that are out. */

import { useState } from "preact/hooks";

import { inviteMany, revokeInvitation } from "../../api/commands";
import { invitationsQuery } from "../../api/reads";
import { useCommand } from "../../api/use-command";
import { useQuery } from "../../api/use-query";
import { ConfirmDialog } from "../../components/confirm-dialog";
import { TextField } from "../../components/field";
import { EmptyState } from "../../components/empty-state";
import { ErrorNotice } from "../../components/notice";
import { SkeletonRows } from "../../components/skeleton";
import { formatDateTime, instantOf, localTime } from "../../format/times";
import { InvitationCard } from "./invitation-card";

const MOST = 100;
const WEEK_MS = 7 * 86_400_000;

type Made = Awaited<ReturnType<typeof inviteMany>>;

export function Invitations() {
  const [made, setMade] = useState<Made>([]);
  return (
    <section class="card stack" aria-labelledby="invitations">
      <div>
        <h2 id="invitations">Invitations</h2>
        <p class="soft small">Each link opens one account. Links are shown this once: copy, print or show them now.</p>
      </div>
      <InviteForm onMade={setMade} />
      {made.length > 0 && (
        <ul class="invitation-cards">
          {made.map((invitation) => (
            <InvitationCard key={invitation.id} url={invitation.url} />
          ))}
        </ul>
      )}
      <Outstanding />
    </section>
  );
}

function InviteForm({ onMade }: { onMade: (made: Made) => void }) {
  const [count, setCount] = useState("1");
  const [until, setUntil] = useState(() => localTime(new Date(Date.now() + WEEK_MS).toISOString()));
  const command = useCommand(
    "invite",
    (body: { count: number; until: string }) => inviteMany(body.count, body.until),
    onMade,
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
        <TextField label="How many" type="number" min={1} max={MOST} required value={count} onValue={setCount} />
        <TextField label="Good until" type="datetime-local" required value={until} onValue={setUntil} />
        <button type="submit" class="button button-strong" disabled={command.isRunning}>
          Invite
        </button>
      </div>
      {command.problem !== undefined && <ErrorNotice problem={command.problem} />}
    </form>
  );
}

function Outstanding() {
  const { data, problem } = useQuery(invitationsQuery);
  const [asking, setAsking] = useState<string>();
  const command = useCommand("revoke-invitation", revokeInvitation, () => {
    setAsking(undefined);
  });
  if (data === undefined) {
    return problem === undefined ? <SkeletonRows rows={3} /> : <ErrorNotice problem={problem} />;
  }
  if (data.invitations.length === 0) {
    return <EmptyState title="Nobody has been invited yet" />;
  }
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">Good until</th>
            <th scope="col">Accepted by</th>
            <th scope="col">
              <span class="unseen">Revoke</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {data.invitations.map((invitation) => (
            <tr key={invitation.id}>
              <td>{formatDateTime(invitation.expires_at)}</td>
              <td>{invitation.accepted_by ?? <span class="soft">nobody yet</span>}</td>
              <td class="number">
                {invitation.accepted_by === null && (
                  <button
                    type="button"
                    class="button button-small"
                    onClick={() => {
                      setAsking(invitation.id);
                    }}
                  >
                    Revoke …
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
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
          <p>Its link and its code will open no account any more.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
