/**
 * What the page calls and the OpenAPI document does not list: the developer sign-in, which is on one's own machine alone, and
 * routes that a newer server has. The page shows less where one of those is not there.
 */

import type { Comment, LeaderboardRow, MarketResult, Member, Person, SignInLink, TrackRecord } from "./announced";
import type { components } from "./schema";

interface Json<T> {
  content: { "application/json": T };
}

type Answer<T> = { headers: Record<string, unknown> } & Json<T>;

interface Read<T, Parameters extends object = object> {
  parameters: Parameters;
  responses: { 200: Answer<T> };
}

interface Write<T, Parameters extends object, Body> {
  parameters: Parameters;
  requestBody: Json<Body>;
  responses: { 200: Answer<T> };
}

interface Paging {
  limit?: number;
  cursor?: string;
}

interface OfAccount {
  path: { account: string };
}

interface OfMarket {
  path: { slug: string };
}

interface Keyed {
  header: { "Idempotency-Key": string };
}

type Cursor = string | null;
type Empty = Record<string, never>;
type Listed = components["schemas"]["MarketResponse"];

export interface UnlistedPaths {
  "/v1/dev/sign-in": {
    post: {
      parameters: { query?: never };
      requestBody: Json<{ account: string; roles: "admin"[] }>;
      responses: { 200: Answer<{ token: string }> };
    };
  };
  "/v1/me": { get: Read<{ account: string; name: string | null; roles: string[] }, { query?: never }> };
  "/v1/sign-in-links/accept": {
    post: Write<{ account: string; token: string }, { query?: never }, { link: string }>;
  };
  "/v1/accounts": {
    get: Read<{ accounts: Person[] }, { query: { account: string[] } }>;
    post: Write<{ account: string }, object, { name?: string }>;
  };
  "/v1/accounts/{account}": {
    get: Read<Person, OfAccount>;
    patch: Write<Person, OfAccount, { name: string }>;
  };
  "/v1/accounts/{account}/results": {
    get: Read<{ results: MarketResult[]; cursor: Cursor }, OfAccount & { query?: Paging }>;
  };
  "/v1/accounts/{account}/record": {
    get: Read<TrackRecord, OfAccount & { query?: { period?: string } }>;
  };
  "/v1/accounts/{account}/sign-in-links": {
    post: Write<SignInLink, OfAccount, { expires_at?: string }>;
  };
  "/v1/leaderboard": {
    get: Read<
      { leaderboard: LeaderboardRow[]; cursor: Cursor },
      { query?: Paging & { period?: string; tag?: string; by?: string } }
    >;
  };
  "/v1/people": { get: Read<{ people: Member[]; cursor: Cursor }, { query?: Paging }> };
  "/v1/people/{account}/suspend": { post: Write<Member, OfAccount, Empty> };
  "/v1/people/{account}/restore": { post: Write<Member, OfAccount, Empty> };
  "/v1/markets/{slug}/comments": {
    get: Read<{ comments: Comment[]; cursor: Cursor }, OfMarket & { query?: Paging }>;
    post: Write<Comment, OfMarket & Keyed, { text: string }>;
  };
  "/v1/markets/{slug}/comments/{id}": {
    delete: { parameters: { path: { slug: string; id: string } }; responses: { 204: Answer<never> } };
  };
  "/v1/markets/{slug}/clarifications": { post: Write<Listed, OfMarket & Keyed, { text: string }> };
  "/v1/markets/{slug}/withdraw-resolution": { post: Write<Listed, OfMarket & Keyed, Empty> };
}
