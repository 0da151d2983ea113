/** In which part of its life a market is. */

import type { MarketStatus } from "../api/reads";
import { Words } from "./live";

const SHOWN: Readonly<Record<MarketStatus, { label: string; class: string }>> = {
  DRAFT: { label: "Draft", class: "badge badge-care" },
  ACTIVE: { label: "Open", class: "badge badge-open" },
  CLOSED: { label: "Closed", class: "badge badge-care" },
  SETTLING: { label: "Decided", class: "badge badge-care" },
  RESOLVED: { label: "Resolved", class: "badge" },
  VOIDED: { label: "Voided", class: "badge" },
};

export function StatusBadge({ status }: { status: MarketStatus }) {
  const shown = SHOWN[status];
  return <Words class={shown.class}>{shown.label}</Words>;
}
