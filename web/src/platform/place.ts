/** Where on its host Hunch is: at the top, or below a path that the server has written into the page. */

/** The path below which everything of this instance is, such as `/hunch`; empty at the top of the host. */
export const PLACE = placeOf(typeof document === "undefined" ? undefined : document);

/** The address, on the host, of a path of this instance: `/hunch/markets` for `/markets`. */
export function placed(path: string): string {
  return PLACE + path;
}

/** The path within this instance of a path on the host. */
export function unplaced(path: string): string {
  return path.startsWith(`${PLACE}/`) ? path.slice(PLACE.length) : path;
}

/** How the names of what this instance keeps in the browser begin; others on the same host share its storage. */
export const OWN = PLACE === "" ? "hunch." : `hunch:${PLACE}:`;

function placeOf(page: Document | undefined): string {
  const place = page?.querySelector<HTMLMetaElement>("meta[name=place]")?.content ?? "/";
  return place.replace(/\/$/, "");
}
