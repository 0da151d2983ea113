/** Doing something in components: one at a time, with one idempotency key for each intent, and with what came of it. */

import { useRef, useState } from "preact/hooks";

import { keyFor, settle, unsettled } from "./intents";
import { type Problem, problemOfFailure } from "./problem";

export interface Command<Body> {
  /** Does it, unless it is being done already. */
  readonly run: (body: Body) => Promise<void>;
  readonly isRunning: boolean;
  readonly problem: Problem | undefined;
  /** The request whose outcome never became known, perhaps before a reload; running it again is safe. */
  readonly interrupted: Body | undefined;
  /** Gives up on an interrupted request, and on what was wrong. */
  readonly dismiss: () => void;
}

/**
 * A command.
 *
 * @param purpose what it is for; intents of one purpose follow one another.
 * @param execute does it under an idempotency key.
 * @param done is told the result.
 */
export function useCommand<Body, Result>(
  purpose: string,
  execute: (body: Body, key: string) => Promise<Result>,
  done: (result: Result, body: Body) => void,
): Command<Body> {
  const [state, setState] = useState<{ isRunning: boolean; problem?: Problem }>({ isRunning: false });
  const isRunning = useRef(false);

  const run = async (body: Body) => {
    if (isRunning.current) {
      return;
    }
    isRunning.current = true;
    const key = keyFor(purpose, body);
    setState({ isRunning: true });
    try {
      const result = await execute(body, key);
      settle(purpose);
      setState({ isRunning: false });
      done(result, body);
    } catch (failure) {
      const problem = problemOfFailure(failure);
      if (!problem.isUndecided) {
        settle(purpose);
      }
      setState({ isRunning: false, problem });
    } finally {
      isRunning.current = false;
    }
  };

  const dismiss = () => {
    settle(purpose);
    setState({ isRunning: false });
  };

  return {
    run,
    isRunning: state.isRunning,
    problem: state.problem,
    interrupted: state.isRunning ? undefined : (unsettled(purpose) as Body | undefined),
    dismiss,
  };
}
