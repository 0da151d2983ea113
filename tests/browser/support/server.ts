/** A real `hunch serve --demo` for all tests, on a free port and over a database of its own. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    url: string;
  }
}

const ADDRESS = /^Hunch \S+ serves .+ at (?<url>http:\/\/\S+) \(/;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "hunch-browser-"));
  const server = spawn(
    process.env.HUNCH ?? "hunch",
    ["serve", "--demo", "--port", "0", "--database", join(folder, "hunch.db")],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  project.provide("url", await addressOf(server));
  return async () => {
    server.kill();
    await once(server, "exit");
    await rm(folder, { recursive: true });
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
