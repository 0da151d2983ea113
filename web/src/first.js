/**
 * Runs before all other code, from within index.html: asks at once for what the page at this address cannot begin without,
 * and says whom the frame in index.html is for. The policy of the page names this text by its hash.
 */
{
  const place = document.querySelector("meta[name=place]")?.getAttribute("content")?.replace(/\/$/, "") ?? "";
  const { pathname, search, origin } = location;
  const path = pathname.startsWith(`${place}/`) ? pathname.slice(place.length) : pathname;

  let session = /** @type {Partial<import("./session/session").Session> | null} */ (null);
  try {
    const stored = localStorage.getItem(place === "" ? "hunch.session" : `hunch:${place}:session`);
    /** @type {unknown} */
    const known = JSON.parse(stored ?? "null");
    session = /** @type {typeof session} */ (known);
  } catch {
    // Storage is blocked, or something else is in it: then this is a visitor's page until the session says otherwise.
  }
  const token = typeof session?.token === "string" ? session.token : undefined;

  const market = /^\/markets\/[^/]+$/.test(path);
  const isList = path === "/" && search === "";
  if (isList || market) {
    const url = `${origin}${place}/v1${isList ? "/markets?status=ACTIVE&limit=30" : path}`;
    const controller = new AbortController();
    const answer = fetch(url, {
      headers: new Headers(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      signal: controller.signal,
    }).then(async (response) => ({ response, body: await response.arrayBuffer() }));
    answer.catch(() => undefined); // whoever takes it over says so
    const stop = () => {
      controller.abort();
    };
    window.early = { url, token, answer, stop };
  }

  // The first formats of a page take long to make. Here that costs nothing: the code is still on its way.
  new Intl.NumberFormat(undefined, { style: "percent" }).format(0);
  new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(0);

  const isBare = /^\/board$|^\/admin\/invitations\/|^\/markets\/[^/]+\/screen$/.test(path);
  const { dataset } = document.documentElement;
  dataset.frame = isBare ? "bare" : isList ? "list" : "page";
  dataset.reader = token === undefined ? "visitor" : session?.isAdmin === true ? "admin" : "member";
  dataset.place = market ? "/" : path;
}
