/** Paths that the page calls and the OpenAPI document does not list: the developer sign-in is on one's own machine alone. */

interface Json<T> {
  "application/json": T;
}

type Responses<Status extends number, Content> = Record<Status, { headers: Record<string, unknown>; content: Content }>;

interface Get<Result> {
  parameters: { query?: { limit?: number; cursor?: string } };
  requestBody?: never;
  responses: Responses<200, Json<Result>>;
}

interface Post<Body, Status extends number, Result> {
  parameters: { query?: never };
  requestBody: { content: Json<Body> };
  responses: Responses<Status, Json<Result>>;
}

interface Delete {
  parameters: { path: { id: string } };
  requestBody?: never;
  responses: Responses<204, never>;
}

type Scope = "read" | "trade" | "admin";

interface Key {
  id: string;
  name: string;
  scopes: Scope[];
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

interface Invitation {
  id: string;
  count: number;
  used: number;
  created_at: string;
  expires_at: string;
  url: string;
}

export interface UnlistedPaths {
  "/v1/dev/sign-in": { post: Post<{ account: string; roles: "admin"[] }, 200, { token: string }> };
  "/v1/api-keys": {
    get: Get<{ "api-keys": Key[]; cursor: string | null }>;
    post: Post<{ name: string; scopes: Scope[]; expires_at?: string | null }, 201, Key & { key: string }>;
  };
  "/v1/api-keys/{id}": { delete: Delete };
  "/v1/invitations": {
    get: Get<{ invitations: Invitation[]; cursor: string | null }>;
    post: Post<{ count: number; expires_at: string }, 201, Invitation>;
  };
  "/v1/invitations/{id}": { delete: Delete };
  "/v1/invitations/accept": { post: Post<{ invitation: string; name: string }, 201, { account: string; token: string }> };
}
