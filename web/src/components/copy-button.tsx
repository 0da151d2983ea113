/** Copies a text, and says so. */

import { useState } from "preact/hooks";

const SHOWN_MS = 2_000;

export function CopyButton({ text, label }: { text: string; label: string }) {
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setIsCopied(true);
    setTimeout(() => {
      setIsCopied(false);
    }, SHOWN_MS);
  };
  return (
    <button type="button" class="button button-small" onClick={copy} aria-live="polite">
      {isCopied ? "Copied" : label}
    </button>
  );
}
