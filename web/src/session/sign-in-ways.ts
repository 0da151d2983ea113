/** How people sign in on this instance, as the server of the page says beside it. */

import type { Query } from "../api/cache";
import { fetchInTime } from "../api/transport";
import { placed } from "../platform/place";

export interface OidcRegistration {
  readonly issuer: string;
  readonly client_id: string;
}

export interface SignInWays {
  readonly developer: boolean;
  readonly invitations: boolean;
  readonly oidc: OidcRegistration | null;
}

interface Config {
  readonly sign_in: SignInWays;
}

export const configQuery: Query<Config> = {
  key: "/config.json",
  read: async (options) => {
    const response = await fetchInTime(new Request(placed("/config.json"), options));
    return response.ok ? { data: (await response.json()) as Config, response } : { response };
  },
};
