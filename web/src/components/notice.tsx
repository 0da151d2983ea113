/** Short messages in the flow of a page. */

import type { ComponentChildren } from "preact";

import type { Problem } from "../api/problem";
import { Link } from "../routing/link";

type Tone = "plain" | "good" | "care" | "bad";

const CLASSES: Readonly<Record<Tone, string>> = {
  plain: "notice",
  good: "notice notice-good",
  care: "notice notice-care",
  bad: "notice notice-bad",
};

/** A message; one that is bad interrupts, others are said when there is a pause. */
export function Notice({ tone = "plain", children }: { tone?: Tone; children: ComponentChildren }) {
  return (
    <div class={CLASSES[tone]} role={tone === "bad" ? "alert" : "status"}>
      {children}
    </div>
  );
}

interface ErrorNoticeProps {
  problem: Problem;
  onRetry?: () => void;
}

/** What went wrong and what to do about it, in the API's own words. */
export function ErrorNotice({ problem, onRetry }: ErrorNoticeProps) {
  return (
    <Notice tone="bad">
      <strong>{problem.title}</strong>
      <span>{problem.message}</span>
      {Object.entries(problem.fields).map(([field, detail]) => (
        <span key={field}>
          {field}: {detail}
        </span>
      ))}
      <div class="row">
        {onRetry !== undefined && (
          <button type="button" class="button button-small" onClick={onRetry}>
            Try again
          </button>
        )}
        {problem.code !== "" && <Link href={`/problems/${problem.code}`}>What does this mean?</Link>}
      </div>
    </Notice>
  );
}
