/** Signing in with an OpenID provider: authorization code with PKCE. Loaded only by those who do. */

import { OidcClient, WebStorageStateStore } from "oidc-client-ts";

import type { OidcRegistration } from "./sign-in-ways";

const CALLBACK_PATH = "/sign-in/callback";

function clientOf({ issuer, client_id }: OidcRegistration): OidcClient {
  return new OidcClient({
    authority: issuer,
    client_id,
    redirect_uri: `${location.origin}${CALLBACK_PATH}`,
    scope: "openid profile",
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
  });
}

/** Leaves for the provider. @param next the page to come back to in the end. */
export async function leaveForProvider(provider: OidcRegistration, next: string): Promise<void> {
  const { url } = await clientOf(provider).createSigninRequest({ state: next });
  location.assign(url);
}

/** Comes back from the provider: the token it gave, and the page to go on with. */
export async function returnFromProvider(provider: OidcRegistration): Promise<{ token: string; next: string }> {
  const { access_token, userState } = await clientOf(provider).processSigninResponse(location.href);
  return { token: access_token, next: typeof userState === "string" ? userState : "/" };
}
