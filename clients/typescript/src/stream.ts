/** What happens to a market, as it happens. */

import { errorOf, HunchError } from "./errors.js";
import { authorization } from "./index.js";
import { pause, RETRIES } from "./retries.js";

/** A change of a published market; `data` of a `trade` is the trade. */
export interface MarketEvent {
  market: string;
  position: number;
  type: string;
  created_at: string;
  data: Record<string, unknown>;
}

export interface StreamOptions {
  /** The position of the last event that is known; 0 for none. */
  after?: number;
  credential?: string;
  signal?: AbortSignal;
  /** How many connections in a row may fail. */
  attempts?: number;
  /** Milliseconds before the second connection; doubled for each further one. */
  pause?: number;
  /** Milliseconds after which a silent stream counts as broken: an instance comments every 15 s. */
  silence?: number;
}

/**
 * The events of a market after a position, each once and in order; a stream that breaks is made again where it was.
 *
 * @throws {HunchError} the instance refused (`not-found`: it has no streams), or did not answer several times in a row.
 */
export async function* stream(
  url: string,
  slug: string,
  options: StreamOptions = {},
): AsyncGenerator<MarketEvent, void, undefined> {
  const { attempts = RETRIES.attempts, silence = 45_000 } = options;
  let { after = 0 } = options;
  for (let failures = 0; ;) {
    try {
      for await (const event of connected(
        `${url}/v1/markets/${encodeURIComponent(slug)}/stream`,
        after,
        silence,
        options,
      )) {
        failures = 0;
        if (event.position > after) {
          after = event.position;
          yield event;
        }
      }
    } catch (failure) {
      if (options.signal?.aborted) {
        return;
      }
      const isRefusal = failure instanceof HunchError && failure.status !== 429 && (failure.status ?? 500) < 500;
      if (isRefusal || ++failures === attempts) {
        throw failure instanceof HunchError ? failure : new HunchError("unreachable", String(failure));
      }
    }
    await pause((options.pause ?? RETRIES.pause) * 2 ** failures);
  }
}

async function* connected(
  url: string,
  after: number,
  silence: number,
  options: StreamOptions,
): AsyncGenerator<MarketEvent, void, undefined> {
  const broken = new AbortController();
  const watch = setTimeout(() => {
    broken.abort();
  }, silence);
  const signals = options.signal ? [options.signal, broken.signal] : [broken.signal];
  try {
    const response = await fetch(url, {
      headers: {
        Accept: "text/event-stream",
        ...(after > 0 && { "Last-Event-ID": String(after) }),
        ...(options.credential !== undefined && { Authorization: authorization(options.credential) }),
      },
      signal: AbortSignal.any(signals),
    });
    if (!response.ok || response.body === null) {
      throw errorOf(await response.json().catch(() => undefined), response.status);
    }
    let rest = "";
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      watch.refresh();
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith("data:")) {
          yield JSON.parse(line.slice("data:".length)) as MarketEvent;
        }
      }
    }
  } finally {
    clearTimeout(watch);
    broken.abort();
  }
}
