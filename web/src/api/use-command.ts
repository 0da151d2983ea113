/** Doing something in components: one at a time, with one idempotency key for each intent, and with what came of it. */

import { useRef, useState } from "preact/hooks";

import { session } from "../session/session";
import { useStore } from "../store";
import { fulfil, purposeOf, settle, unsettled } from "./intents";
import { type Problem, problemOfFailure } from "./problem";

export interface Command<Body> {
  /** Does it, unless it is being done already, or another one is interrupted. */
  readonly run: (body: Body) => Promise<void>;
  readonly isRunning: boolean;
  readonly problem: Problem | undefined;
  /** The request whose outcome never became known, perhaps before a reload; running it again is safe. */
  readonly interrupted: Body | undefined;
  /** Gives up on an interrupted request, and on what was wrong. */
  readonly dismiss: () => void;
  /** Says no more of what was wrong; an interrupted request stays. */
  readonly quiet: () => void;
}

/**
 * A command.
 *
 * @param purpose what it is for; a person's intents of one purpose follow one another.
 * @param execute does it under an idempotency key.
 * @param done is told the result.
 */
export function useCommand<Body, Result>(
  purpose: string,
  execute: (body: Body, key: string) => Promise<Result>,
  done: (result: Result, body: Body) => void,
): Command<Body> {
  const own = purposeOf(useStore(session)?.account, purpose);
  const command = useUnkeyedCommand((body: Body) => fulfil(own, body, execute), done);
  return {
    ...command,
    interrupted: command.isRunning ? undefined : (unsettled(own) as Body | undefined),
    dismiss() {
      settle(own);
      command.dismiss();
    },
  };
}

/** A command that the API knows no key for: what became of it without an answer, nobody can find out by doing it again. */
export function useUnkeyedCommand<Body, Result>(
  execute: (body: Body) => Promise<Result>,
  done: (result: Result, body: Body) => void,
): Command<Body> {
  const [state, setState] = useState<{ isRunning: boolean; problem?: Problem }>({ isRunning: false });
  const isRunning = useRef(false);

  const run = async (body: Body) => {
    if (isRunning.current) {
      return;
    }
    isRunning.current = true;
    setState({ isRunning: true });
    try {
      const result = await execute(body);
      setState({ isRunning: false });
      done(result, body);
    } catch (failure) {
      setState({ isRunning: false, problem: problemOfFailure(failure) });
    } finally {
      isRunning.current = false;
    }
  };

  const quiet = () => {
    setState({ isRunning: isRunning.current });
  };

  return { run, isRunning: state.isRunning, problem: state.problem, interrupted: undefined, dismiss: quiet, quiet };
}
