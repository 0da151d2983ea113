/** What the list of markets shows; it is all in the address, so that it can be shared and gone back to. */

import type { MarketStatus } from "../../api/reads";
import { Segments } from "../../components/segments";
import { Link } from "../../routing/link";
import { navigate } from "../../routing/location";

type ShownStatus = Extract<MarketStatus, "ACTIVE" | "CLOSED" | "RESOLVED"> | "ALL";

export interface ShownFilters {
  readonly status: ShownStatus;
  readonly tag: string | undefined;
  readonly search: string;
}

const STATUSES: readonly { value: ShownStatus; label: string }[] = [
  { value: "ACTIVE", label: "Open" },
  { value: "CLOSED", label: "Closed" },
  { value: "RESOLVED", label: "Resolved" },
  { value: "ALL", label: "All" },
];

export function readFilters(parameters: URLSearchParams): ShownFilters {
  const status = STATUSES.find(({ value }) => value === parameters.get("status"))?.value ?? "ACTIVE";
  return { status, tag: parameters.get("tag") ?? undefined, search: parameters.get("q") ?? "" };
}

function addressOf({ status, tag, search }: ShownFilters): string {
  const parameters = new URLSearchParams({
    ...(status === "ACTIVE" ? {} : { status }),
    ...(tag === undefined ? {} : { tag }),
    ...(search === "" ? {} : { q: search }),
  });
  return parameters.size === 0 ? "/" : `/?${parameters.toString()}`;
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
          navigate(addressOf({ ...filters, search: event.currentTarget.value }), { replace: true });
        }}
      />
      <Segments
        legend="Status"
        options={STATUSES}
        value={filters.status}
        onChange={(status) => {
          navigate(addressOf({ ...filters, status }));
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
              href={addressOf({ ...filters, tag: isChosen ? undefined : tag })}
            >
              {tag}
            </Link>
          );
        })}
      </nav>
    </search>
  );
}
