/** Which page is at which address. Each is loaded when it is first opened. */

import type { ComponentType } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

import { ErrorNotice } from "./components/notice";
import { PageSkeleton } from "./components/skeleton";
import { Problem } from "./api/problem";
import { loadUntilDone, reloadPage } from "./routing/loading";

type Parameters = Readonly<Record<string, string>>;
interface PageModule {
  readonly default: ComponentType<{ parameters: Parameters }>;
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

interface Loaded {
  readonly load: Route["load"];
  /** Undefined where it could not be loaded. */
  readonly Page?: PageModule["default"];
}

/** The page at an address. */
export function RoutedPage({ path }: { path: string }) {
  const { load, parameters } = match(path);
  const [loaded, setLoaded] = useState<Loaded>();

  useLayoutEffect(
    () =>
      loadUntilDone(
        load,
        (module) => {
          setLoaded({ load, Page: module.default });
        },
        () => {
          setLoaded({ load });
        },
      ),
    [load],
  );

  if (loaded?.load !== load) {
    return isBare(path) ? null : <PageSkeleton />;
  }
  return loaded.Page === undefined ? (
    <ErrorNotice problem={NOT_LOADED} onRetry={reloadPage} />
  ) : (
    <loaded.Page key={path} parameters={parameters} />
  );
}
