/**
 * What the page calls and the OpenAPI document does not list: the developer sign-in, which is on one's own machine alone, and
 * what servers of before 2026-11-27 do not have.
 */

interface Json<T> {
  content: { "application/json": T };
}

export interface UnlistedPaths {
  "/v1/dev/sign-in": {
    post: {
      parameters: { query?: never };
      requestBody: Json<{ account: string; roles: "admin"[] }>;
      responses: { 200: { headers: Record<string, unknown> } & Json<{ token: string }> };
    };
  };
  "/v1/me": {
    get: {
      parameters: { query?: never };
      responses: {
        200: { headers: Record<string, unknown> } & Json<{ account: string; name: string | null; roles: string[] }>;
      };
    };
  };
  "/v1/accounts/{account}/sign-in-links": {
    post: {
      parameters: { path: { account: string } };
      requestBody: Json<{ expires_at?: string }>;
      responses: { 201: { headers: Record<string, unknown> } & Json<{ url: string; expires_at: string }> };
    };
  };
  "/v1/sign-in-links/accept": {
    post: {
      parameters: { query?: never };
      requestBody: Json<{ link: string }>;
      responses: { 200: { headers: Record<string, unknown> } & Json<{ account: string; token: string }> };
    };
  };
}
