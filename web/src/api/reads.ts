/** Every read of the page. */

import { payout } from "../format/micros";
import { now } from "../platform/clock";
import type { Query } from "./cache";
import { type Answer, client, type Paths } from "./client";
import { type Interval, SECONDS_OF } from "./intervals";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Market = Schemas["MarketResponse"];
export type MarketStatus = Market["status"];
export type Trade = Schemas["TradeResponse"];
export type Holder = Schemas["HolderResponse"];
export type Position = Schemas["PositionResponse"];
export type Portfolio = Schemas["PortfolioResponse"];
/** What everybody may know of an account. */
export type Person = Schemas["PublicAccountResponse"];
/** What admins know of an account. */
export type Member = Schemas["PersonResponse"];
export type SignInLink = Schemas["SignInLinkResponse"];
export type TrackRecord = Schemas["RecordResponse"];
export type LeaderboardRow = Schemas["LeaderResponse"];
export type Comment = Schemas["CommentResponse"];

/** Whether a position can be sold now, so that one knows what it would bring. */
export function isSellable({ sale_value }: Position): boolean {
  return sale_value !== null;
}

/**
 * What a position would bring now: what it pays once its market is decided, and at the shown price where nobody buys.
 *
 * @param resolution of its market, where there is one. What a market that was called off gives back, nobody knows before.
 */
export function worthOf(
  { sale_value, value, outcome, quantity }: Pick<Position, "sale_value" | "value" | "outcome" | "quantity">,
  resolution?: Market["resolution"],
): string | undefined {
  if (resolution === undefined || resolution === null) {
    return sale_value ?? value;
  }
  const { payouts } = resolution;
  return payouts === null ? undefined : payout([{ quantity, rate: payouts[outcome] ?? "0" }]);
}

/** Whether the last price of a position's market says nothing any more. */
export function isDecided({ status }: Pick<Position, "status">): boolean {
  return status !== "ACTIVE" && status !== "CLOSED" && status !== "DRAFT";
}

/** Why nobody comes in by an invitation any more; undefined while people do. @param now in milliseconds since 1970. */
export function endOfInvitation(
  { used, count, expires_at }: Pick<Invitation, "used" | "count" | "expires_at">,
  now: number,
): "used-up" | "expired" | undefined {
  return used >= count ? "used-up" : Date.parse(expires_at) <= now ? "expired" : undefined;
}

export type ApiKey = Content<"/v1/api-keys">["api-keys"][number];
export type Webhook = Content<"/v1/webhooks">["webhooks"][number];
export type EventType = NonNullable<Webhook["types"]>[number];
export type Invitation = Schemas["InvitationResponse"];
export type Candle = Content<"/v1/markets/{slug}/prices">["prices"][number];
export type JournalEntry = Schemas["JournalEntryResponse"];

/** What a successful read of a path answers. */
type Content<P extends keyof Paths> = Paths[P] extends {
  get: { responses: { 200: { content: { "application/json": infer T } } } };
}
  ? T
  : never;

/** The query parameters of a paged list. */
interface PageOptions {
  limit?: number;
  cursor?: string;
}

/** One of tag, creator and words, or none; the order by closing time is of the open markets without another filter. */
export interface MarketFilter {
  status?: MarketStatus;
  tag?: string;
  creator?: string;
  q?: string;
  order?: "closing";
}

const MARKETS = "/v1/markets";

function query<T>(path: string, parameters: object, read: Query<T>["read"]): Query<T> {
  return { key: `${path}?${JSON.stringify(parameters)}`, read };
}

export function marketsQuery(filter: MarketFilter, page: PageOptions = {}) {
  const parameters = { ...filter, ...page };
  return query(MARKETS, parameters, (options) => client.GET(MARKETS, { params: { query: parameters }, ...options }));
}

const OVERVIEW_PAGES = 5;

/** All open markets, as far as so many long pages reach: for what is said of all of them, not of a page. */
export const openMarketsQuery: Query<{ readonly markets: readonly Market[]; readonly isComplete: boolean }> = {
  key: `${MARKETS}?overview`,
  read: async () => {
    const markets: Market[] = [];
    let cursor: string | undefined;
    for (let page = 1; ; page++) {
      const parameters = { status: "ACTIVE", limit: 100, ...(cursor === undefined ? {} : { cursor }) } as const;
      const { data, error, response } = await client.GET(MARKETS, { params: { query: parameters } });
      if (data === undefined) {
        return { error, response };
      }
      markets.push(...data.markets);
      cursor = data.cursor ?? undefined;
      if (cursor === undefined || page === OVERVIEW_PAGES) {
        return { data: { markets, isComplete: cursor === undefined }, response };
      }
    }
  },
};

export function marketQuery(slug: string) {
  const path = { slug };
  return query(marketKey(slug), {}, (options) => client.GET("/v1/markets/{slug}", { params: { path }, ...options }));
}

/** The beginning of the keys of all that is read about one market. */
export function marketKey(slug: string): string {
  return `${MARKETS}/${slug}`;
}

export function tradesQuery(slug: string, page: PageOptions = {}) {
  return query(`${marketKey(slug)}/trades`, page, (options) =>
    client.GET("/v1/markets/{slug}/trades", { params: { path: { slug }, query: page }, ...options }),
  );
}

const MOST_NEWEST = 300;

/** The newest trades of a market, oldest first and without a gap: as many as show how it began. */
export function newestTradesQuery(slug: string) {
  return query(`${marketKey(slug)}/trades`, { newest: MOST_NEWEST }, async () => {
    const trades: Trade[] = [];
    let cursor: string | null = null;
    for (;;) {
      const page: PageOptions = { limit: 100, ...(cursor === null ? {} : { cursor }) };
      const answer: Answer<{ trades: Trade[]; cursor: string | null }> = await tradesQuery(slug, page).read({});
      trades.push(...(answer.data?.trades ?? []));
      cursor = answer.data?.cursor ?? null;
      if (cursor === null || trades.length >= MOST_NEWEST) {
        const { data, ...rest } = answer;
        return data === undefined ? rest : { ...rest, data: trades.reverse() };
      }
    }
  });
}

/** Whether all that comes of a market has come. */
export function isFinal({ status }: Market): boolean {
  return status === "RESOLVED" || status === "VOIDED";
}

/** Until when the decision on a market can be withdrawn, in milliseconds; undefined where none waits for appeals. */
export function appealsUntil({ status, resolution }: Market): number | undefined {
  const { settles_at, resolved_at } = resolution ?? {};
  return status === "SETTLING" && settles_at !== undefined && settles_at !== resolved_at
    ? Date.parse(settles_at)
    : undefined;
}

export function commentsQuery(slug: string, page: PageOptions = {}) {
  return query(`${marketKey(slug)}/comments`, page, (options) =>
    client.GET("/v1/markets/{slug}/comments", { params: { path: { slug }, query: page }, ...options }),
  );
}

/** The largest holdings of an outcome, as many as asked for. */
export function topHoldersQuery(slug: string, outcome: string, limit: number) {
  const parameters = { order: "quantity", outcome, limit } as const;
  return query(`${marketKey(slug)}/holders`, parameters, (options) =>
    client.GET("/v1/markets/{slug}/holders", { params: { path: { slug }, query: parameters }, ...options }),
  );
}

/** The candles of the last so many seconds, whenever it is read; its beginning is one of the intervals'. */
export function pricesQuery(slug: string, seconds: number, interval: Interval) {
  return query(`${marketKey(slug)}/prices`, { seconds, interval }, (options) => {
    const step = SECONDS_OF[interval];
    const from = new Date(Math.floor((now() / 1000 - seconds) / step) * step * 1000).toISOString();
    const span = { interval, from };
    return client.GET("/v1/markets/{slug}/prices", { params: { path: { slug }, query: span }, ...options });
  });
}

export const PORTFOLIO = "/v1/portfolio";

export const portfolioQuery = query(PORTFOLIO, {}, (options) => client.GET("/v1/portfolio", { ...options }));

export function journalQuery(page: PageOptions = {}) {
  return query(`${PORTFOLIO}/journal`, page, (options) =>
    client.GET("/v1/portfolio/journal", { params: { query: page }, ...options }),
  );
}

/** What came of the markets that an account has traded on, the newest first. */
export function resultsQuery(account: string, page: PageOptions = {}) {
  return query(`/v1/accounts/${account}/results`, page, (options) =>
    client.GET("/v1/accounts/{account}/results", { params: { path: { account }, query: page }, ...options }),
  );
}

export function myTradesQuery(page: PageOptions = {}) {
  return query(`${PORTFOLIO}/trades`, page, (options) =>
    client.GET("/v1/portfolio/trades", { params: { query: page }, ...options }),
  );
}

export const API_KEYS = "/v1/api-keys";
export const apiKeysQuery = query(API_KEYS, {}, (options) => client.GET(API_KEYS, { ...options }));

export const WEBHOOKS = "/v1/webhooks";
export const webhooksQuery = query(WEBHOOKS, {}, (options) => client.GET(WEBHOOKS, { ...options }));

export function deliveriesQuery(id: string) {
  return query(`${WEBHOOKS}/${id}/deliveries`, {}, (options) =>
    client.GET("/v1/webhooks/{id}/deliveries", { params: { path: { id } }, ...options }),
  );
}

export const INVITATIONS = "/v1/invitations";
export const invitationsQuery = query(INVITATIONS, {}, (options) => client.GET(INVITATIONS, { ...options }));

export type Measure = "points" | "profit" | "brier";

/** @param period "all", a year or a month, as 2026 or 2026-11. */
export function leaderboardQuery(filter: { period?: string; tag?: string; by?: Measure }, page: PageOptions = {}) {
  const parameters = { ...filter, ...page };
  return query("/v1/leaderboard", parameters, (options) =>
    client.GET("/v1/leaderboard", { params: { query: parameters }, ...options }),
  );
}

export function personQuery(account: string) {
  return query(`/v1/accounts/${account}`, {}, (options) =>
    client.GET("/v1/accounts/{account}", { params: { path: { account } }, ...options }),
  );
}

export function recordQuery(account: string, period: string) {
  return query(`/v1/accounts/${account}/record`, { period }, (options) =>
    client.GET("/v1/accounts/{account}/record", { params: { path: { account }, query: { period } }, ...options }),
  );
}

export const PEOPLE = "/v1/people";

const MOST_PEOPLE_PAGES = 50;

interface People {
  readonly people: readonly Member[];
  readonly isComplete: boolean;
}

/** Everybody, for admins. */
export const peopleQuery = query(PEOPLE, {}, () => readPeople({}));

/** Who came by an invitation, for admins. */
export function cameByQuery(invitation: string) {
  return query(PEOPLE, { invitation }, () => readPeople({ invitation }));
}

/** Page after page, up to a bound. */
async function readPeople(filter: { invitation?: string }): ReturnType<Query<People>["read"]> {
  const people: Member[] = [];
  let cursor: string | undefined;
  for (let page = 1; ; page++) {
    const parameters = { limit: 100, ...filter, ...(cursor === undefined ? {} : { cursor }) };
    const { data, error, response } = await client.GET(PEOPLE, { params: { query: parameters } });
    if (data === undefined) {
      return { error, response };
    }
    people.push(...data.people);
    cursor = data.cursor ?? undefined;
    if (cursor === undefined || page === MOST_PEOPLE_PAGES) {
      return { data: { people, isComplete: cursor === undefined }, response };
    }
  }
}

export const auditQuery = query("/v1/audit", {}, (options) => client.GET("/v1/audit", { ...options }));
