/** One invitation on a whole screen, for a room to scan: its code, its link, and how many are in. */

import "./board-page.css";

import { endOfInvitation, invitationsQuery } from "../../api/reads";
import { useQuery } from "../../api/use-query";
import { EmptyState } from "../../components/empty-state";
import { Live } from "../../components/live";
import { ErrorNotice } from "../../components/notice";
import { Heading } from "../../components/page";
import { QrCode } from "../../components/qr-code";
import { SignInFirst } from "../../components/sign-in-first";
import { Skeleton } from "../../components/skeleton";
import { formatCount } from "../../format/numbers";
import { now } from "../../platform/clock";
import { Link } from "../../routing/link";
import { session } from "../../session/session";
import { useStore } from "../../store";

const EVERY_MS = 2_000;

export default function InvitationScreen({
  parameters: { id = "" },
}: {
  parameters: Readonly<Record<string, string>>;
}) {
  const user = useStore(session);
  return (
    <div class="screen">
      <Heading title="Join" />
      {user === undefined ? <SignInFirst what="show an invitation" /> : <Code id={id} />}
      <Link href="/admin?tab=invitations" class="button button-small button-quiet">
        Close
      </Link>
    </div>
  );
}

function Code({ id }: { id: string }) {
  const { data, problem } = useQuery(invitationsQuery, EVERY_MS);
  const invitation = data?.invitations.find((other) => other.id === id);
  const end = invitation && endOfInvitation(invitation, now());
  if (end === "expired") {
    return <EmptyState title="The time of this invitation is over" />;
  }
  if (invitation !== undefined) {
    return (
      <>
        {end === undefined ? (
          <QrCode text={invitation.url} label="Code to scan to join" />
        ) : (
          <p class="soft">Everybody whom it could let in is in.</p>
        )}
        <p class="screen-count" aria-live="polite">
          <Live>
            {formatCount(invitation.used)} of {formatCount(invitation.count)} are in
          </Live>
        </p>
        <p class="soft">
          <code>{invitation.url}</code>
        </p>
      </>
    );
  }
  if (data !== undefined) {
    return <EmptyState title="There is no such invitation any more" />;
  }
  return problem === undefined ? <Skeleton height="70vmin" width="70vmin" /> : <ErrorNotice problem={problem} />;
}
