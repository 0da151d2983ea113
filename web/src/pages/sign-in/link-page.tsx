/** Where a personal link leads: it signs in once. Its token is in the fragment, which no server sees. */

import { acceptLink } from "../../api/commands";
import { Problem } from "../../api/problem";
import { useUnkeyedCommand } from "../../api/use-command";
import { EmptyState } from "../../components/empty-state";
import { AlreadyHere } from "../../components/already-here";
import { ErrorNotice } from "../../components/notice";
import { Page } from "../../components/page";
import { navigate } from "../../routing/location";
import { useSecret } from "./use-secret";

const SPENT = new Problem(
  "This link lets nobody in any more",
  "It was used already, its time is over, or it is not whole. Ask an admin for a new one.",
  400,
);

export default function LinkPage() {
  const { secret, forget } = useSecret("link");
  const command = useUnkeyedCommand(acceptLink, () => {
    forget();
    navigate("/personal-link", { replace: true });
  });
  if (secret === "") {
    return (
      <Page title="Your personal link" narrow>
        <EmptyState title="There is no link in this address">
          <p>Open the whole link that you were given.</p>
        </EmptyState>
      </Page>
    );
  }
  // Asked for by a person, never by whatever looks at addresses in messages: it works once.
  return (
    <Page title="Welcome back" narrow>
      <AlreadyHere />
      <div class="card stack">
        <p>Your link signs you in on this device. It works once; you get the next one right away.</p>
        <Problems problem={command.problem} />
        <button
          type="button"
          class="button button-strong"
          disabled={command.isRunning}
          onClick={() => command.run(secret)}
        >
          {command.isRunning ? "One moment …" : "Sign in"}
        </button>
      </div>
    </Page>
  );
}

function Problems({ problem }: { problem: Problem | undefined }) {
  return problem && <ErrorNotice problem={problem.status === 401 ? SPENT : problem} />;
}
