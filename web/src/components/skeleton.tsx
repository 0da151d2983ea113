/** What stands where content will be, of its size, so that nothing moves when it comes. */

export function Skeleton({ width = "100%", height = "1rem" }: { width?: string; height?: string }) {
  return <span class="skeleton" style={{ width, height }} />;
}

/** Where the heading of a page will be. */
export function SkeletonHeading({ width }: { width: string }) {
  return (
    <h1 aria-label="Loading">
      <Skeleton width={width} height="2.1rem" />
    </h1>
  );
}

/** So many lines, and for a screen reader one word. */
export function SkeletonRows({ rows, height = "3rem" }: { rows: number; height?: string }) {
  return (
    <div class="stack stack-tight" role="status">
      <span class="unseen">Loading</span>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} />
      ))}
    </div>
  );
}

export function PageSkeleton() {
  return (
    <div class="stack stack-wide">
      <SkeletonHeading width="min(24rem, 70%)" />
      <SkeletonRows rows={5} height="4.5rem" />
    </div>
  );
}
