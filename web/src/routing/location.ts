/** The address of what is on show, as if this instance had its host to itself. */

import { placed, unplaced } from "../platform/place";
import { createStore } from "../store";

export const address = createStore(addressShown());

let openedPages = 1;

/** Whether the browser itself opened what is on show; then the focus stays where the browser has put it. */
export function isFirstPage(): boolean {
  return openedPages === 1;
}

export function navigate(to: string, { replace = false } = {}): void {
  const next = new URL(to, address.get());
  history[replace ? "replaceState" : "pushState"](null, "", placed(next.pathname) + next.search + next.hash);
  const isOtherPage = next.pathname !== address.get().pathname;
  openedPages += isOtherPage ? 1 : 0;
  address.set(next);
  if (isOtherPage) {
    window.scrollTo(0, 0);
  }
}

window.addEventListener("popstate", () => {
  openedPages++;
  address.set(addressShown());
});

function addressShown(): URL {
  const shown = new URL(location.href);
  // Whoever types an address may end it with a slash.
  shown.pathname = unplaced(shown.pathname).replace(/(?!^)\/+$/, "");
  return shown;
}

/** The address of the sign-in page that leads back here. */
export function signInAddress(): string {
  const { pathname, search } = address.get();
  return `/sign-in?next=${encodeURIComponent(pathname + search)}`;
}

/** A path, perhaps with a query: one slash, and then visible ASCII without backslashes and fragments. */
const OWN_ADDRESS = /^\/(?!\/)(?:(?![\\#])[!-~])*$/;

/** An address of this page that somebody else has put into a parameter; the front page if it is anything else. */
export function ownAddress(text: string | null): string {
  if (text === null || !OWN_ADDRESS.test(text)) {
    return "/";
  }
  const target = new URL(text, location.origin);
  const own = target.pathname + target.search;
  return target.origin === location.origin && OWN_ADDRESS.test(own) ? own : "/";
}
