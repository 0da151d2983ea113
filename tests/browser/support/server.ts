/** A real `hunch serve` on a free port, over a demonstration of its own in which nobody trades but the tests. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    url: string;
  }
}

/** A server that runs. */
interface Server {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const ADDRESS = /^Hunch \S+ serves .+ at (?<url>http:\/\/\S+) \(/;
const HUNCH = process.env.HUNCH ?? "hunch";

/** One server for all tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await serve();
  project.provide("url", url);
  return stop;
}

/** Starts a server. @param settings what its environment sets besides that of the tests. */
export async function serve(settings: Readonly<Record<string, string>> = {}): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "hunch-browser-"));
  const database = join(folder, "hunch.db");
  await promisify(execFile)(HUNCH, ["demo", "--database", database]);
  const server = spawn(HUNCH, ["serve", "--port", "0", "--database", database], {
    env: { ...process.env, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await addressOf(server);
  return {
    url,
    stop: async () => {
      server.kill();
      await once(server, "exit");
      await rm(folder, { recursive: true });
    },
  };
}

/** Where it answers, by its own word. */
async function addressOf(server: ChildProcess): Promise<string> {
  if (server.stdout === null) {
    throw new Error("the server's output is not read");
  }
  for await (const line of createInterface(server.stdout)) {
    const url = ADDRESS.exec(line)?.groups?.url;
    if (url !== undefined) {
      return url;
    }
  }
  throw new Error("the server has ended before it said where it answers");
}
