/** Signing in with an OpenID provider: authorization code with PKCE. Loaded only by those who do. */

import { OidcClient, type StateStore } from "oidc-client-ts";

import { Problem } from "../api/problem";
import { OWN, placed } from "../platform/place";
import { passing } from "../platform/storage";
import { claimsOf } from "./session";
import type { OidcRegistration } from "./sign-in-ways";

const CALLBACK_PATH = "/sign-in/callback";
const PREFIX = `${OWN}oidc.`;

/** What is under way, in this tab. */
const states: StateStore = {
  set(key, value) {
    passing.set(PREFIX + key, value);
    return Promise.resolve();
  },
  get: (key) => Promise.resolve(passing.get(PREFIX + key)),
  remove(key) {
    const value = passing.get(PREFIX + key);
    passing.remove(PREFIX + key);
    return Promise.resolve(value);
  },
  getAllKeys: () => Promise.resolve(passing.names(PREFIX).map((name) => name.slice(PREFIX.length))),
};

function clientOf({ issuer, client_id }: OidcRegistration): OidcClient {
  return new OidcClient({
    authority: issuer,
    client_id,
    redirect_uri: location.origin + placed(CALLBACK_PATH),
    scope: "openid profile",
    stateStore: states,
  });
}

/** Leaves for the provider. @param next the page to come back to in the end. */
export async function leaveForProvider(provider: OidcRegistration, next: string): Promise<void> {
  if (!isSecureContext) {
    throw new Problem(
      "This address is not safe enough",
      "Browsers sign in with a provider on https alone. Open this page by its https address.",
      400,
    );
  }
  const { url } = await clientOf(provider).createSigninRequest({ state: next });
  location.assign(url);
}

/** Comes back from the provider: the token it gave, and the page to go on with. */
export async function returnFromProvider(provider: OidcRegistration): Promise<{ token: string; next: string }> {
  const { access_token, id_token, userState } = await clientOf(provider).processSigninResponse(location.href);
  const token = isFor(access_token, provider.client_id) ? access_token : (id_token ?? access_token);
  return { token, next: typeof userState === "string" ? userState : "/" };
}

/** Whether a token names the page. Some providers' access tokens are for others or opaque; then the id token is ours. */
function isFor(token: string, clientId: string): boolean {
  const { aud, client_id } = claimsOf(token);
  return aud === undefined ? client_id === clientId : [aud].flat().includes(clientId);
}
