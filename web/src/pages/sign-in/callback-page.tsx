/** Where the OpenID provider sends people back to. */

import { useEffect } from "preact/hooks";

import { signInWith } from "../../api/commands";
import { Problem } from "../../api/problem";
import { useUnkeyedCommand } from "../../api/use-command";
import { useQuery } from "../../api/use-query";
import { ErrorNotice } from "../../components/notice";
import { Page } from "../../components/page";
import { SkeletonRows } from "../../components/skeleton";
import { Link } from "../../routing/link";
import { navigate, ownAddress } from "../../routing/location";
import { configQuery, type OidcRegistration } from "../../session/sign-in-ways";

const NO_PROVIDER = new Problem(
  "Nobody signs in this way here",
  "This instance has no provider to come back from.",
  400,
);

export default function CallbackPage() {
  const { data, problem } = useQuery(configQuery);
  const provider = data?.sign_in.oidc ?? undefined;
  const command = useUnkeyedCommand(comeBack, (next) => {
    navigate(next, { replace: true });
  });

  useEffect(() => {
    if (provider !== undefined) {
      void command.run(provider);
    }
    // Once: the provider's answer is good for one time only.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [provider]);

  const shown = command.problem ?? problem ?? (data !== undefined && provider === undefined ? NO_PROVIDER : undefined);
  return (
    <Page title="Signing in" narrow>
      {shown === undefined ? (
        <SkeletonRows rows={2} />
      ) : (
        <>
          <ErrorNotice problem={shown} />
          <Link href="/sign-in" class="button">
            {shown === NO_PROVIDER ? "Sign in another way" : "Try again"}
          </Link>
        </>
      )}
    </Page>
  );
}

async function comeBack(provider: OidcRegistration): Promise<string> {
  const { returnFromProvider } = await import("../../session/oidc");
  const { token, next } = await returnFromProvider(provider).catch((failure: unknown) => {
    const why = failure instanceof Error ? failure.message : "no reason given";
    throw new Problem("Signing in did not work", `${new URL(provider.issuer).host} said: ${why}`, 400);
  });
  await signInWith(token);
  return ownAddress(next);
}
