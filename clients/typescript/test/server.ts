/** A real `hunch serve` for the tests of a file. */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A server that was started. */
export interface Server {
  url: string;
  /** A token for an account, which is opened. */
  signIn: (account: string) => Promise<string>;
  stop: () => Promise<void>;
}

/** Starts a server over a new database. */
export async function startServer(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "hunch-"));
  const command = process.env.HUNCH ?? "hunch";
  const child = spawn(command, ["serve", "--port", "0", "--database", join(folder, "hunch.db")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await address(child);
  const post = async (path: string, body: unknown, token?: string): Promise<unknown> => {
    const headers = {
      "Content-Type": "application/json",
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    };
    const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) {
      throw new Error(await response.text());
    }
    return response.json();
  };
  return {
    url,
    signIn: async (account) => {
      const { token } = (await post("/v1/dev/sign-in", { account })) as { token: string };
      await post("/v1/accounts", {}, token);
      return token;
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function address(child: ChildProcess): Promise<string> {
  let said = "";
  for await (const text of child.stdout ?? []) {
    said += String(text);
    const found = /serves .+ at (http:\S+) \(/.exec(said)?.[1];
    if (found !== undefined) {
      return found;
    }
  }
  throw new Error(`hunch serve ended: ${said}`);
}
