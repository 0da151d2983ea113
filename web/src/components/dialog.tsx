/** A dialog over the page: the browser's own, which keeps the focus inside and gives it back. */

import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface DialogProps {
  title: string;
  /** Rises from the lower edge, where thumbs are; it has a button to close it, and closes by a tap beside it. */
  isSheet?: boolean;
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, isSheet = false, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const closeFromBeside = (event: MouseEvent) => {
    if (isSheet && event.target === dialog.current) {
      dialog.current?.close();
    }
  };
  return (
    <dialog
      ref={dialog}
      class={isSheet ? "dialog sheet" : "dialog"}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={closeFromBeside}
    >
      <div class="stack">
        <div class="row row-apart">
          <h2 id={titleId} dir="auto">
            {title}
          </h2>
          {isSheet && (
            <button type="button" class="button button-small button-quiet" onClick={() => dialog.current?.close()}>
              Close
            </button>
          )}
        </div>
        {children}
      </div>
    </dialog>
  );
}
