/** A list that goes on: its first page kept fresh, and a way to the older ones. */

import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";

import type { Query } from "../api/cache";
import { useQuery } from "../api/use-query";
import { ErrorNotice } from "./notice";
import { SkeletonRows } from "./skeleton";

interface Page {
  readonly cursor: string | null;
}

interface PagedProps<T extends Page> {
  /** The query of a page; of the first one without a cursor. */
  queryOf: (page: { cursor?: string }) => Query<T>;
  /** Shows one page. */
  children: (page: T) => ComponentChildren;
}

export function Paged<T extends Page>({ queryOf, children }: PagedProps<T>) {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const list = useRef<HTMLDivElement>(null);
  const cursor = cursors.at(-1);
  const { data, problem, retry } = useQuery(queryOf(cursor === undefined ? {} : { cursor }));
  const next = data?.cursor ?? null;
  const turnTo = (pages: readonly string[]) => {
    setCursors(pages);
    list.current?.focus(); // the button may be gone on that page, and reading goes on at its top
  };
  return (
    <div ref={list} class="stack" tabIndex={-1}>
      {data !== undefined && children(data)}
      {data === undefined &&
        (problem === undefined ? <SkeletonRows rows={6} /> : <ErrorNotice problem={problem} onRetry={retry} />)}
      <div class="row row-end">
        {cursors.length > 0 && (
          <button
            type="button"
            class="button button-small"
            onClick={() => {
              turnTo(cursors.slice(0, -1));
            }}
          >
            Newer
          </button>
        )}
        {next !== null && (
          <button
            type="button"
            class="button button-small"
            onClick={() => {
              turnTo([...cursors, next]);
            }}
          >
            Older
          </button>
        )}
      </div>
    </div>
  );
}
