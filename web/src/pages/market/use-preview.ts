/** What an order would do, asked of the server while somebody types. */

import { useEffect, useState } from "preact/hooks";

import { type OrderBody, quote, type Quote } from "../../api/commands";
import { connection } from "../../api/connection";
import { type Problem, problemOfFailure } from "../../api/problem";
import { useStore } from "../../store";

const PAUSE_MS = 150;
/** How long after a failure that says nothing of the order. */
const AGAIN_MS = 5_000;

export interface Preview {
  /** The newest quote, also while the next is on its way. */
  readonly quote: Quote | undefined;
  readonly problem: Problem | undefined;
  /** Whether it is of the order as it stands. */
  readonly isCurrent: boolean;
}

interface Heard {
  readonly of: string;
  readonly quote?: Quote;
  readonly problem?: Problem;
}

/**
 * The preview of an order; of nothing while there is none to preview.
 *
 * @param version the book's: another one asks again.
 */
export function usePreview(slug: string, order: OrderBody | undefined, version: number): Preview {
  const [heard, setHeard] = useState<Heard>();
  const isOnline = useStore(connection) === "online";
  const wanted = order && JSON.stringify(order);

  useEffect(() => {
    if (wanted === undefined || !isOnline) {
      return; // it is asked for once there is a connection again
    }
    const controller = new AbortController();
    const ask = async () => {
      try {
        const answer = await quote(slug, JSON.parse(wanted) as OrderBody, controller.signal);
        setHeard({ of: wanted, quote: answer });
      } catch (failure) {
        if (!controller.signal.aborted) {
          const problem = problemOfFailure(failure);
          setHeard({ of: wanted, problem });
          if (problem.isUndecided) {
            timer = setTimeout(() => void ask(), AGAIN_MS); // nobody else would, as nothing changes
          }
        }
      }
    };
    let timer = setTimeout(() => void ask(), PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [slug, wanted, version, isOnline]);

  if (wanted === undefined) {
    return { quote: undefined, problem: undefined, isCurrent: true };
  }
  const isCurrent = heard?.of === wanted;
  return { quote: heard?.quote, problem: isCurrent ? heard.problem : undefined, isCurrent };
}
