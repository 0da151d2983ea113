/** Where an invitation leads: its token is in the fragment, which no server sees, and leaves the address at once. */

import { useState } from "preact/hooks";

import { acceptInvitation } from "../../api/commands";
import { Problem } from "../../api/problem";
import { useUnkeyedCommand } from "../../api/use-command";
import { TextField } from "../../components/field";
import { EmptyState } from "../../components/empty-state";
import { AlreadyHere } from "../../components/already-here";
import { ErrorNotice } from "../../components/notice";
import { Page } from "../../components/page";
import { Link } from "../../routing/link";
import { isName } from "../../format/name";
import { navigate } from "../../routing/location";
import { useDraft } from "../../session/use-draft";
import { useSecret } from "./use-secret";

const NAME_WORDS = "Type a name of at most 40 characters, as you write it.";

const SPENT = new Problem(
  "This invitation lets nobody in any more",
  "It is used up, its time is over, or its link is not whole. Ask whoever gave it to you for a new one.",
  400,
);

export default function InvitationPage() {
  const { secret: invitation, forget } = useSecret("invitation");
  const { values, change, clear } = useDraft("joining", { name: "" });
  const [isTried, setIsTried] = useState(false);
  const command = useUnkeyedCommand(
    (body: { invitation: string; name: string }) => acceptInvitation(body.invitation, body.name),
    () => {
      forget();
      clear();
      navigate("/personal-link", { replace: true });
    },
  );
  const name = values.name.trim();
  const isWrong = !isName(name);
  const refused = command.problem?.fields.name === undefined ? undefined : NAME_WORDS;

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
    setIsTried(true);
    if (!isWrong) {
      void command.run({ invitation, name });
    }
  };
  return (
    <Page title="You are invited" narrow>
      <AlreadyHere />
      <form class="card stack" noValidate onSubmit={submit}>
        <p>
          Choose the name that others see. Your account starts with a grant of credits: play money, to say what you
          think.
        </p>
        <TextField
          label="Name"
          required
          autoComplete="nickname"
          error={isTried && isWrong ? NAME_WORDS : refused}
          value={values.name}
          onValue={(typed) => {
            change({ name: typed });
          }}
        />
        <Refusal problem={refused === undefined ? command.problem : undefined} />
        <button type="submit" class="button button-strong" disabled={command.isRunning}>
          {command.isRunning ? "One moment …" : "Join"}
        </button>
      </form>
    </Page>
  );
}

/** Who has no session yet cannot be asked to sign in first: then it is the invitation that is refused. */
function Refusal({ problem }: { problem: Problem | undefined }) {
  if (problem?.code === "forbidden") {
    return <ErrorNotice problem={new Problem(SPENT.title, problem.message, problem.status)} />; // it says why
  }
  return problem && <ErrorNotice problem={problem.status === 401 ? SPENT : problem} />;
}
