/** The values of a form, kept as long as they are not sent. */

import { useRef, useState } from "preact/hooks";

import { draftFor, dropDraft, keepDraft } from "./drafts";

export interface Draft<T> {
  readonly values: T;
  /** The values now, for what goes on longer than one drawing. */
  readonly latest: () => T;
  readonly change: (changed: Partial<T>) => void;
  /** Forgets what was typed: it was sent, or given up. */
  readonly clear: () => void;
}

/**
 * What is typed into a form.
 *
 * @param purpose what for; there is one draft for each.
 * @param initial what was there before anything was typed. What nobody has touched stays what this says.
 */
export function useDraft<T extends object>(purpose: string, initial: T): Draft<T> {
  const [changed, setChanged] = useState(() => fitting(draftFor(purpose), initial));
  const newest = useRef(changed);
  const keep = (next: Partial<T>) => {
    newest.current = next;
    setChanged(next);
  };
  return {
    values: { ...initial, ...changed },
    latest: () => ({ ...initial, ...newest.current }),
    change(more) {
      const next = { ...newest.current, ...more };
      keepDraft(purpose, next);
      keep(next);
    },
    clear() {
      dropDraft(purpose);
      keep({});
    },
  };
}

/** The members of a draft that a form has; an older page may have had others. */
export function fitting<T extends object>(draft: Readonly<Record<string, unknown>>, initial: T): Partial<T> {
  const kept = Object.entries(draft).filter(
    ([name, value]) =>
      Object.hasOwn(initial, name) && kindOf(value) === kindOf((initial as Record<string, unknown>)[name]),
  );
  return Object.fromEntries(kept) as Partial<T>;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "list" : typeof value;
}
