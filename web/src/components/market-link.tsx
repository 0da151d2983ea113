/** A link to a market by its question, where only its address is known. */

import { Name } from "./live";
import { marketQuery } from "../api/reads";
import { useQuery } from "../api/use-query";
import { Link } from "../routing/link";

/** A published question never changes. */
const RARELY_MS = 3_600_000;

export function MarketLink({ slug }: { slug: string }) {
  const { data } = useQuery(marketQuery(slug), RARELY_MS);
  return (
    <Link href={`/markets/${slug}`}>
      <Name>{data?.name ?? slug}</Name>
    </Link>
  );
}
