/** Asks once more before something that cannot be taken back, and says what it will do. */

import { Words } from "./live";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Command } from "../api/use-command";
import { Dialog } from "./dialog";
import { halfFilled } from "./field";
import { CommandProblem } from "./notice";

interface ConfirmDialogProps<Body> {
  title: string;
  action: string;
  command: Command<Body>;
  /** What the command is to do. */
  body: Body;
  isDangerous?: boolean;
  /** Nothing can be confirmed before this is true. */
  isReady?: boolean;
  onClose: () => void;
  children: ComponentChildren;
}

export function ConfirmDialog<Body>(props: ConfirmDialogProps<Body>) {
  const { title, action, command, body, isDangerous = false, isReady = true, onClose, children } = props;
  const { quiet } = command;
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    quiet(); // what went wrong before is no matter of this dialog's
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when it opens
  }, []);
  const confirm = () => {
    const [half] = halfFilled(form.current);
    const wrong = half ?? form.current?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? undefined;
    if (wrong === undefined) {
      void command.run(body);
    } else {
      wrong.focus();
      half?.reportValidity();
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div ref={form} class="stack">
        {children}
      </div>
      <CommandProblem command={command} />
      <div class="row row-end">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          class={isDangerous ? "button button-outcome button-danger" : "button button-strong"}
          disabled={command.isRunning || !isReady}
          onClick={confirm}
        >
          <Words>{command.isRunning ? "One moment …" : action}</Words>
        </button>
      </div>
    </Dialog>
  );
}
