/** The last attempts to reach a webhook's address. */

import { deliveriesQuery } from "../../api/reads";
import { useQuery } from "../../api/use-query";
import { ErrorNotice } from "../../components/notice";
import { SkeletonRows } from "../../components/skeleton";
import { formatPast } from "../../format/times";

const EVERY_MS = 5_000;

export function Deliveries({ id }: { id: string }) {
  const { data, problem, retry } = useQuery(deliveriesQuery(id), EVERY_MS);
  if (data === undefined) {
    return problem === undefined ? <SkeletonRows rows={3} /> : <ErrorNotice problem={problem} onRetry={retry} />;
  }
  if (data.deliveries.length === 0) {
    return <p class="soft small">Nothing has been sent yet.</p>;
  }
  return (
    <ul class="small">
      {data.deliveries.map((delivery) => (
        <li key={delivery.id}>
          {formatPast(delivery.created_at)}: event {delivery.position} of {delivery.market},{" "}
          {delivery.error === null ? "delivered" : `attempt ${delivery.attempt}: ${delivery.error}`}
        </li>
      ))}
    </ul>
  );
}
