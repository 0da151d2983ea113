/** What the page calls and the OpenAPI document does not list: the developer sign-in, which is on one's own machine alone. */

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
}
