/** Short messages in the flow of a page. */

import type { ComponentChildren } from "preact";

import { type Problem, UNAUTHENTICATED } from "../api/problem";
import type { Command } from "../api/use-command";
import { Link } from "../routing/link";
import { wordsOf } from "./problem-words";
import { SignInFirst } from "./sign-in-first";

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
  /** Gives up on a request that nobody has decided; it can be sent again as it is. */
  onForget?: (() => void) | undefined;
}

/** What went wrong and what to do about it. */
export function ErrorNotice({ problem, onRetry, onForget }: ErrorNoticeProps) {
  const { title, message } = wordsOf(problem);
  if (problem.code === UNAUTHENTICATED) {
    return <SignInFirst what="go on" />;
  }
  return (
    <Notice tone="bad">
      <strong key={title}>{title}</strong>
      <span key={message} dir="auto">
        {message}
      </span>
      {Object.entries(problem.fields).map(([field, detail]) => (
        <span key={field}>
          {field}: {detail}
        </span>
      ))}
      {onForget !== undefined && <span>Sent again as it was, it is never done twice.</span>}
      <div class="row">
        {onForget !== undefined && (
          <button type="button" class="button button-small" onClick={onForget}>
            Forget it
          </button>
        )}
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

/** What came of a command, where that is not good; what is interrupted can be given up. */
export function CommandProblem({ command }: { command: Omit<Command<unknown>, "run"> }) {
  const { problem, interrupted, dismiss } = command;
  return problem && <ErrorNotice problem={problem} onForget={interrupted === undefined ? undefined : dismiss} />;
}
