/** A request whose answer never came, perhaps before a reload. Until that is cleared up there is no other of its kind. */

import type { Command } from "../api/use-command";
import { Notice } from "./notice";

interface InterruptedProps<Body> {
  title: string;
  /** What was asked for, as a sentence. */
  what: string;
  body: Body;
  command: Command<Body>;
}

export function Interrupted<Body>({ title, what, body, command }: InterruptedProps<Body>) {
  return (
    <Notice tone="care">
      <strong>{title}</strong>
      <span key={command.problem?.message} dir="auto">
        {what} {command.problem?.message} Send it again to find out: it is never done twice.
      </span>
      <div class="row">
        <button type="button" class="button button-small" onClick={() => command.run(body)}>
          Send it again
        </button>
        <button type="button" class="button button-small button-quiet" onClick={command.dismiss}>
          Forget it
        </button>
      </div>
    </Notice>
  );
}
