/** Copies a text, and says so; where that cannot be, the text stands there to be copied by hand. */

import { useState } from "preact/hooks";

import { copyText } from "../platform/clipboard";

const SHOWN_MS = 2_000;

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<"ready" | "copied" | "refused">("ready");
  const copy = async () => {
    if (!(await copyText(text))) {
      setState("refused");
      return;
    }
    setState("copied");
    setTimeout(() => {
      setState("ready");
    }, SHOWN_MS);
  };
  if (state === "refused") {
    return (
      <input
        class="input"
        readOnly
        aria-label={label}
        value={text}
        onFocus={(event) => {
          event.currentTarget.select();
        }}
      />
    );
  }
  return (
    <button type="button" class="button button-small" onClick={copy} aria-live="polite">
      <span key={state}>{state === "copied" ? "Copied" : label}</span>
    </button>
  );
}
