/** A dialog over the page: the browser's own, which keeps the focus inside and gives it back. */

import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";

interface DialogProps {
  title: string;
  /** Rises from the lower edge, where thumbs are; it has a button to close it, and closes by a tap beside it. */
  isSheet?: boolean;
  /** It was closed by whoever reads it; not called where it is taken away. */
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, isSheet = false, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isGone = useRef(false);
  const titleId = useId();
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      isGone.current = true;
      shown?.close(); // what is only taken away keeps the focus from whatever opened it
    };
  }, []);
  const closed = () => {
    if (!isGone.current) {
      onClose();
    }
  };
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
      onClose={closed}
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
