/** Where an invitation leads: its token is in the fragment, which no server sees, and leaves the address at once. */

import { useEffect, useState } from "preact/hooks";

import { acceptInvitation } from "../../api/commands";
import { useUnkeyedCommand } from "../../api/use-command";
import { TextField } from "../../components/field";
import { EmptyState } from "../../components/empty-state";
import { ErrorNotice } from "../../components/notice";
import { Page } from "../../components/page";
import { Link } from "../../routing/link";
import { navigate } from "../../routing/location";

export default function InvitationPage() {
  const [invitation] = useState(() => location.hash.slice(1));
  const [name, setName] = useState("");
  const command = useUnkeyedCommand(
    (body: { invitation: string; name: string }) => acceptInvitation(body.invitation, body.name),
    () => {
      navigate("/", { replace: true });
    },
  );

  useEffect(() => {
    history.replaceState(null, "", location.pathname);
  }, []);

  if (invitation === "") {
    return (
      <Page title="Invitation" narrow>
        <EmptyState title="There is no invitation in this address">
          <p>Open the whole link that you were given, or scan its code again.</p>
          <Link href="/" class="button">
            See the markets
          </Link>
        </EmptyState>
      </Page>
    );
  }
  const submit = (event: Event) => {
    event.preventDefault();
    void command.run({ invitation, name: name.trim() });
  };
  return (
    <Page title="You are invited" narrow>
      <form class="card stack" onSubmit={submit}>
        <p>
          Choose the name that others see. Your account starts with a grant of credits: play money, to say what you
          think.
        </p>
        <TextField
          label="Name"
          required
          maxLength={120}
          autoComplete="nickname"
          error={command.problem?.fields.name}
          value={name}
          onValue={setName}
        />
        {command.problem !== undefined && <ErrorNotice problem={command.problem} />}
        <button type="submit" class="button button-strong" disabled={command.isRunning || name.trim() === ""}>
          {command.isRunning ? "One moment …" : "Join"}
        </button>
      </form>
    </Page>
  );
}
