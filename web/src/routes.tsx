/** Which page is at which address. Each is loaded when it is first opened. */

import type { ComponentType } from "preact";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

import { entryOf, type Query } from "./api/cache";
import { pause } from "./api/client";
import { Problem } from "./api/problem";
import { ErrorNotice } from "./components/notice";
import { PageSkeleton } from "./components/skeleton";
import { loadUntilDone, reloadPage } from "./routing/loading";

type Parameters = Readonly<Record<string, string>>;
interface PageModule {
  readonly default: ComponentType<{ parameters: Parameters }>;
  /** What the page cannot begin without. */
  readonly firstQueries?: (parameters: Parameters, search: URLSearchParams) => readonly Query<unknown>[];
}

interface Route {
  /** Fills the screen: nothing stands around it. */
  readonly isBare?: boolean;
  readonly pattern: RegExp;
  readonly load: () => Promise<PageModule>;
}

const routes: readonly Route[] = [
  { pattern: /^\/$/, load: () => import("./pages/markets/markets-page") },
  { pattern: /^\/markets\/(?<slug>[^/]+)$/, load: () => import("./pages/market/market-page") },
  { pattern: /^\/markets\/(?<slug>[^/]+)\/edit$/, load: () => import("./pages/create/edit-page") },
  {
    pattern: /^\/markets\/(?<slug>[^/]+)\/screen$/,
    isBare: true,
    load: () => import("./pages/board/market-screen"),
  },
  { pattern: /^\/board$/, isBare: true, load: () => import("./pages/board/board-page") },
  {
    pattern: /^\/admin\/invitations\/(?<id>[^/]+)$/,
    isBare: true,
    load: () => import("./pages/board/invitation-screen"),
  },
  { pattern: /^\/people\/(?<account>[^/]+)$/, load: () => import("./pages/people/person-page") },
  { pattern: /^\/leaderboard$/, load: () => import("./pages/people/leaderboard-page") },
  { pattern: /^\/create$/, load: () => import("./pages/create/create-page") },
  { pattern: /^\/portfolio$/, load: () => import("./pages/portfolio/portfolio-page") },
  { pattern: /^\/admin$/, load: () => import("./pages/admin/admin-page") },
  { pattern: /^\/api-keys$/, load: () => import("./pages/api-keys/api-keys-page") },
  { pattern: /^\/webhooks$/, load: () => import("./pages/webhooks/webhooks-page") },
  { pattern: /^\/sign-in$/, load: () => import("./pages/sign-in/sign-in-page") },
  { pattern: /^\/sign-in\/callback$/, load: () => import("./pages/sign-in/callback-page") },
  { pattern: /^\/sign-in[-/]link$/, load: () => import("./pages/sign-in/link-page") },
  { pattern: /^\/personal-link$/, load: () => import("./pages/sign-in/personal-link-page") },
  { pattern: /^\/invitation$/, load: () => import("./pages/sign-in/invitation-page") },
  { pattern: /^\/problems\/(?<code>[^/]+)$/, load: () => import("./pages/problem/problem-page") },
];

const nowhere: Route["load"] = () => import("./pages/not-found-page");

/** Whether what is at an address fills the screen. */
export function isBare(path: string): boolean {
  return routes.some((route) => route.isBare === true && route.pattern.test(path));
}

function match(path: string): { load: Route["load"]; parameters: Parameters } {
  for (const { pattern, load } of routes) {
    const found = pattern.exec(path);
    if (found !== null) {
      return { load, parameters: { ...found.groups } };
    }
  }
  return { load: nowhere, parameters: {} };
}

const NOT_LOADED = new Problem(
  "This page did not load",
  "It comes by itself once the connection is back. If it does not, there may be a newer one: try again.",
);

/** The pages that have been loaded. */
const pages = new Map<Route["load"], PageModule["default"]>();

async function loadPage(load: Route["load"]): Promise<PageModule> {
  const page = await load();
  pages.set(load, page.default);
  return page;
}

/** How long the first drawing waits for what the page begins with, in milliseconds; its frame is there meanwhile. */
const PATIENCE_MS = 150;

/**
 * Loads the page at an address, and what it cannot begin without if that comes soon: what is drawn once need not be drawn
 * twice. It never fails; who draws the page finds out.
 */
export async function prepare({ pathname, searchParams }: URL): Promise<void> {
  const { load, parameters } = match(pathname);
  const page = await loadPage(load).catch(() => undefined);
  const queries = page?.firstQueries?.(parameters, searchParams) ?? [];
  if (queries.length > 0) {
    await Promise.race([Promise.all(queries.map((query) => entryOf(query).refresh())), pause(PATIENCE_MS)]);
  }
}

/** The page at an address. */
export function RoutedPage({ path }: { path: string }) {
  const { load, parameters } = match(path);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const [failed, setFailed] = useState<Route["load"]>();

  useLayoutEffect(
    () =>
      pages.has(load)
        ? undefined
        : loadUntilDone(
            () => loadPage(load),
            () => {
              redraw(undefined);
            },
            () => {
              setFailed(() => load);
            },
          ),
    [load],
  );

  const Page = pages.get(load);
  if (Page !== undefined) {
    return <Page key={path} parameters={parameters} />;
  }
  if (failed === load) {
    return <ErrorNotice problem={NOT_LOADED} onRetry={reloadPage} />;
  }
  return isBare(path) ? null : <PageSkeleton />;
}
