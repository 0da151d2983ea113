/** What the server of the page says beside it: how people sign in on this instance, and where hints of markets are. */

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

/** Where the page may listen for hints. */
export interface Push {
  readonly url: string;
  /** The host that is named to whoever listens there. */
  readonly host: string;
  /** For everybody; without one, whoever listens shows the token of their session. */
  readonly key?: string;
}

export interface Config {
  readonly sign_in: SignInWays;
  readonly push?: Push;
}

export const configQuery: Query<Config> = {
  key: "/config.json",
  read: async (options) => {
    const response = await fetchInTime(new Request(placed("/config.json"), options));
    return response.ok ? { data: (await response.json()) as Config, response } : { response };
  },
};
