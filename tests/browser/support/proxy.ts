/** A real nginx with the block that stands in the runbook, in front of a `hunch serve` below a path. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { answering } from "./server";

const RUNBOOK = join(import.meta.dirname, "..", "..", "..", "docs", "runbook.md");
const BLOCK = /```nginx\n(?<block>[^]+?)```/;
const UPSTREAM = "http://127.0.0.1:8000";
const NGINX = process.env.NGINX ?? "/usr/sbin/nginx";

/** The path that the runbook's block is for. */
export const PATH = "/hunch";

/**
 * Starts nginx on a port, as whoever runs the tests, with everything it writes in a folder of its own.
 *
 * @param port where it listens, on loopback.
 * @param upstream where the server behind it listens.
 * @param change makes of the runbook's block what else it says there that one may write.
 * @returns stops it.
 */
export async function startProxy(
  port: number,
  upstream: number,
  change: (block: string) => string = (block) => block,
): Promise<() => Promise<void>> {
  if (!existsSync(NGINX)) {
    throw new Error(`${NGINX} is not there. Install it (apt-get install nginx-light), or say where it is: NGINX=…`);
  }
  const block = BLOCK.exec(await readFile(RUNBOOK, "utf-8"))?.groups?.block ?? "";
  if (!block.includes(UPSTREAM) || !block.includes(`location ${PATH}/ {`)) {
    throw new Error(`docs/runbook.md has no block for nginx with ${UPSTREAM} below ${PATH}/`);
  }
  const folder = await mkdtemp(join(tmpdir(), "hunch-nginx-"));
  const path = join(folder, "nginx.conf");
  await writeFile(path, configuration(folder, port, change(block.replace(UPSTREAM, `http://127.0.0.1:${upstream}`))));
  const nginx = spawn(NGINX, ["-p", folder, "-c", path, "-e", join(folder, "error.log")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await answering(nginx, `http://127.0.0.1:${port}/`);
  return async () => {
    nginx.kill();
    await once(nginx, "exit");
    await rm(folder, { recursive: true });
  };
}

/** The least that nginx needs around the block, in one process that stays in the foreground. */
function configuration(folder: string, port: number, block: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  return `daemon off;
master_process off;
pid ${join(folder, "nginx.pid")};
events { worker_connections 512; }
http {
  access_log off;
  ${temporary.join("\n  ")}
  server {
    listen 127.0.0.1:${port};
    ${block}
  }
}
`;
}
