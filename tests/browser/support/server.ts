/** A real `hunch serve` on a free port, over a demonstration of its own in which nobody trades but the tests, or over nothing. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
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
const START_MS = 40_000;

/** One server for all tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await serve();
  project.provide("url", url);
  return stop;
}

interface Beginning {
  /** What its environment sets besides that of the tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Without the demonstration there is nothing in it. */
  readonly isEmpty?: boolean;
}

/** A server for a class, with the link that lets its first admin in. */
export async function serveClass(name: string): Promise<Server & { readonly invitation: string }> {
  const port = await freePort();
  return serveInvited(`http://${name}:${port}`, port, { host: "0.0.0.0" });
}

interface Place {
  readonly host?: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether the demonstration's markets are in it. */
  readonly isDemonstration?: boolean;
}

/** A server that people reach at a public address, with the link that lets its first admin in. */
export async function serveInvited(
  url: string,
  port: number,
  { host = "127.0.0.1", settings = {}, isDemonstration = false }: Place = {},
): Promise<Server & { readonly invitation: string }> {
  const folder = await mkdtemp(join(tmpdir(), "hunch-class-"));
  const database = join(folder, "hunch.db");
  const place = ["--database", database, "--public-url", url];
  if (isDemonstration) {
    await promisify(execFile)(HUNCH, ["demo", "--database", database]);
  }
  const { stdout } = await promisify(execFile)(HUNCH, ["invite", "--role", "admin", ...place]);
  const invitation = /http:\S+/.exec(stdout)?.[0] ?? "";
  const server = spawn(HUNCH, ["serve", "--host", host, "--port", String(port), ...place], {
    env: { ...process.env, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await addressOf(server);
  await answering(server, `http://127.0.0.1:${port}/v1/health`);
  return {
    url,
    invitation,
    stop: async () => {
      server.kill();
      await once(server, "exit");
      await rm(folder, { recursive: true });
    },
  };
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  await once(server.close(), "close");
  return port;
}

/** A server that can be away for a while. */
interface RestartableServer extends Server {
  readonly halt: () => Promise<void>;
  readonly resume: () => Promise<void>;
}

/** Starts a server. */
export async function serve({ settings = {}, isEmpty = false }: Beginning = {}): Promise<RestartableServer> {
  const folder = await mkdtemp(join(tmpdir(), "hunch-browser-"));
  const database = join(folder, "hunch.db");
  if (!isEmpty) {
    await promisify(execFile)(HUNCH, ["demo", "--database", database]);
  }
  const start = async (port: string) => {
    const started = spawn(HUNCH, ["serve", "--port", port, "--database", database], {
      env: { ...process.env, ...settings },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const address = await addressOf(started);
    await answering(started, `${address}/v1/health`);
    return { started, address };
  };
  const first = await start("0");
  const url = first.address;
  let server = first.started;
  const halt = async () => {
    server.kill();
    await once(server, "exit");
  };
  return {
    url,
    halt,
    resume: async () => {
      server = (await start(new URL(url).port)).started;
    },
    stop: async () => {
      await halt();
      await rm(folder, { recursive: true });
    },
  };
}

/** Waits for the first answer: a busy machine takes seconds to load what answers. */
export async function answering(server: ChildProcess, url: string): Promise<void> {
  const end = Date.now() + START_MS;
  while (server.exitCode === null && Date.now() < end) {
    const isThere = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isThere) {
      return;
    }
    await pause(50);
  }
  throw new Error(`nothing answers at ${url}`);
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
