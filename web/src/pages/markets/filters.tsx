/** What the list of markets shows; it is all in the address, so that it can be shared and gone back to. */

import { TAG } from "../../format/slug";
import type { MarketStatus } from "../../api/reads";
import { Segments } from "../../components/segments";
import { Link } from "../../routing/link";
import { navigate } from "../../routing/location";

type ShownStatus = Extract<MarketStatus, "ACTIVE" | "CLOSED" | "RESOLVED"> | "ALL";

type Order = "newest" | "closing";

/** A tag and words to search for exclude each other, and only all open markets are sorted by when they close. */
export interface ShownFilters {
  readonly status: ShownStatus;
  readonly tag: string | undefined;
  readonly search: string;
  readonly order: Order;
}

const STATUSES: readonly { value: ShownStatus; label: string }[] = [
  { value: "ACTIVE", label: "Open" },
  { value: "CLOSED", label: "Closed" },
  { value: "RESOLVED", label: "Resolved" },
  { value: "ALL", label: "All" },
];

const ORDERS: readonly { value: Order; label: string }[] = [
  { value: "newest", label: "Newest" },
  { value: "closing", label: "Closing soon" },
];

export function readFilters(parameters: URLSearchParams): ShownFilters {
  const status = STATUSES.find(({ value }) => value === parameters.get("status"))?.value ?? "ACTIVE";
  const search = parameters.get("q") ?? "";
  const tag = search === "" ? tagIn(parameters.get("tag")) : undefined;
  const order = parameters.get("order") === "closing" && isSortable({ status, tag, search }) ? "closing" : "newest";
  return { status, tag, search, order };
}

/** A tag as somebody may have written it into an address; nothing for what no market can have. */
function tagIn(text: string | null): string | undefined {
  const tag = text?.trim().toLowerCase() ?? "";
  return TAG.test(tag) ? tag : undefined;
}

/** Whether the markets that are shown can be sorted. */
function isSortable({ status, tag, search }: Omit<ShownFilters, "order">): boolean {
  return status === "ACTIVE" && tag === undefined && search === "";
}

function addressOf({ status, tag, search, order }: ShownFilters): string {
  const parameters = new URLSearchParams({
    ...(status === "ACTIVE" ? {} : { status }),
    ...(tag === undefined ? {} : { tag }),
    ...(search === "" ? {} : { q: search }),
    ...(order === "newest" ? {} : { order }),
  });
  const query = parameters.toString();
  return query === "" ? "/" : `/?${query}`;
}

export function Filters({ filters, tags }: { filters: ShownFilters; tags: readonly string[] }) {
  const shownTags = filters.tag === undefined || tags.includes(filters.tag) ? tags : [filters.tag, ...tags];
  return (
    <search class="filters">
      <input
        type="search"
        class="input filters-search"
        aria-label="Search markets"
        placeholder="Search markets"
        value={filters.search}
        onInput={(event) => {
          const search = event.currentTarget.value;
          navigate(addressOf({ ...filters, search, tag: undefined, order: "newest" }), { replace: true });
        }}
      />
      {isSortable(filters) && (
        <select
          class="input filters-order"
          aria-label="Order"
          value={filters.order}
          onChange={(event) => {
            navigate(addressOf({ ...filters, order: event.currentTarget.value === "closing" ? "closing" : "newest" }));
          }}
        >
          {ORDERS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
      <Segments
        legend="Status"
        options={STATUSES}
        value={filters.status}
        onChange={(status) => {
          navigate(addressOf({ ...filters, status, order: "newest" }));
        }}
      />
      <nav class="filters-tags" aria-label="Tags">
        {shownTags.map((tag) => {
          const isChosen = tag === filters.tag;
          return (
            <Link
              key={tag}
              class={isChosen ? "tag tag-chosen" : "tag"}
              aria-current={isChosen ? "true" : undefined}
              href={addressOf({ ...filters, search: "", order: "newest", tag: isChosen ? undefined : tag })}
            >
              {tag}
            </Link>
          );
        })}
      </nav>
    </search>
  );
}
