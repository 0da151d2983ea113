/** The ways to sign in that this instance offers. */

import { useState } from "preact/hooks";

import { signInAsDeveloper } from "../../api/commands";
import { useUnkeyedCommand } from "../../api/use-command";
import { useQuery } from "../../api/use-query";
import { Check, TextField } from "../../components/field";
import { AlreadyHere } from "../../components/already-here";
import { ErrorNotice, Notice } from "../../components/notice";
import { Page } from "../../components/page";
import { SkeletonRows } from "../../components/skeleton";
import { lengthOf } from "../../format/length";
import { LONGEST_NAME } from "../../format/name";
import { suggestSlug } from "../../format/slug";
import { address, navigate, ownAddress } from "../../routing/location";
import { farewell } from "../../session/session";
import { configQuery, type OidcRegistration } from "../../session/sign-in-ways";
import { useStore } from "../../store";

export default function SignInPage() {
  const { searchParams } = useStore(address);
  const why = useStore(farewell);
  const { data, problem, retry } = useQuery(configQuery);
  const ways = data?.sign_in;
  const provider = ways?.oidc ?? undefined;
  const next = ownAddress(searchParams.get("next"));
  return (
    <Page title="Sign in" narrow>
      <AlreadyHere />
      {why === "expired" && <Notice tone="care">Your session has ended. Sign in again to go on.</Notice>}
      {problem !== undefined && ways === undefined && <ErrorNotice problem={problem} onRetry={retry} />}
      {problem === undefined && ways === undefined && <SkeletonRows rows={3} />}
      {provider !== undefined && <ProviderSignIn provider={provider} next={next} />}
      {ways?.developer === true && <DeveloperSignIn next={next} />}
      {ways?.invitations === true && (
        <section class="card stack stack-tight">
          <h2>With an invitation</h2>
          <p class="soft">Open the link, or scan the code, that an admin has given you. It opens an account for you.</p>
        </section>
      )}
    </Page>
  );
}

function DeveloperSignIn({ next }: { next: string }) {
  const [name, setName] = useState("");
  const [isAdmin, setIsAdmin] = useState(false);
  const account = suggestSlug(name);
  const written = name.trim();
  const command = useUnkeyedCommand(
    (body: { account: string; isAdmin: boolean }) => signInAsDeveloper(body.account, written, body.isAdmin),
    () => {
      navigate(next, { replace: true });
    },
  );
  const submit = (event: Event) => {
    event.preventDefault();
    void command.run({ account, isAdmin });
  };
  return (
    <form class="card stack" onSubmit={submit}>
      <div>
        <h2>On this machine</h2>
        <p class="soft">Nobody asks for a password here: say who you want to be.</p>
      </div>
      <TextField
        label="Name"
        required
        longest={LONGEST_NAME}
        error={
          written !== "" && account === "" ? "Use Latin letters or digits: your account is called by them." : undefined
        }
        autoComplete="username"
        autoCapitalize="none"
        spellcheck={false}
        note={account === "" || account === written ? undefined : `Your account will be called ${account}.`}
        value={name}
        onValue={setName}
      />
      <Check label="As an admin" isChecked={isAdmin} onChange={setIsAdmin} />
      {command.problem !== undefined && <ErrorNotice problem={command.problem} />}
      <button
        type="submit"
        class="button button-strong"
        disabled={command.isRunning || account === "" || lengthOf(written) > LONGEST_NAME}
      >
        {command.isRunning ? "One moment …" : "Sign in"}
      </button>
    </form>
  );
}

function ProviderSignIn({ provider, next }: { provider: OidcRegistration; next: string }) {
  const command = useUnkeyedCommand(
    async () => {
      const { leaveForProvider } = await import("../../session/oidc");
      await leaveForProvider(provider, next);
    },
    () => undefined, // the browser is leaving
  );
  return (
    <section class="card stack">
      <div>
        <h2>With your organisation's account</h2>
        <p class="soft">You are sent to {new URL(provider.issuer).host} and come back here.</p>
      </div>
      {command.problem !== undefined && <ErrorNotice problem={command.problem} />}
      <button
        type="button"
        class="button button-strong"
        disabled={command.isRunning}
        onClick={() => command.run(undefined)}
      >
        Continue
      </button>
    </section>
  );
}
