import "./fake-browser";

import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { client } from "./client";
import { startSession } from "../session/session";
import { learnNames, names, wantName } from "./names";

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterAll(() => {
  vi.useRealTimers();
});

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

test("the names of a page are asked for once and together, and kept", async () => {
  const asked: string[][] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    const accounts = new URL(request.url).searchParams.getAll("account");
    asked.push(accounts);
    return Promise.resolve(
      Response.json({
        accounts: accounts.map((account) => ({ account, name: account.toUpperCase(), created_at: "" })),
      }),
    );
  });
  for (const account of ["ann", "bob", "ann"]) {
    wantName(account);
  }
  await pass(80);
  await vi.waitUntil(() => names.get().has("bob"));
  expect(names.get().get("bob")).toBe("BOB");
  wantName("ann");
  await pass(1_000);
  expect(asked).toEqual([["ann", "bob"]]);
});

test("whose name nobody said for now is asked for again", async () => {
  let status = 429;
  vi.stubGlobal("fetch", () =>
    Promise.resolve(Response.json({ accounts: [{ account: "jo", name: "Jo" }] }, { status })),
  );
  wantName("jo");
  await pass(500);
  expect(names.get().has("jo")).toBe(false);
  status = 200;
  wantName("jo");
  await pass(500);
  expect(names.get().get("jo")).toBe("Jo");
});

test("whom a page draws a frame later is asked for with the others", async () => {
  const asked: string[][] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(new URL(request.url).searchParams.getAll("account"));
    return Promise.resolve(Response.json({ accounts: [] }));
  });
  for (const account of ["gus", "hal", "ida"]) {
    wantName(account);
    await pass(50);
  }
  await pass(110);
  expect(asked).toEqual([["gus", "hal", "ida"]]);
});

test("who is named by what is still read is asked for with the others, but nobody is waited for long", async () => {
  const asked: string[][] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/v1/accounts") {
      await new Promise((resolve) => setTimeout(resolve, pathname === "/v1/audit" ? 2_000 : 200));
      return Response.json({});
    }
    asked.push(searchParams.getAll("account"));
    return Response.json({ accounts: [] });
  });
  wantName("eve");
  const isRead = client.GET("/v1/portfolio");
  await pass(200);
  await isRead;
  wantName("fay");
  void client.GET("/v1/audit");
  await pass(790);
  expect(asked).toEqual([]);
  await pass(170);
  expect(asked).toEqual([["eve", "fay"]]);
});

test("names stay while the same person reads, and go with them", () => {
  const identity = { account: "ada", name: "Ada", roles: [] };
  startSession("one", identity);
  learnNames([{ account: "kim", name: "Kim" }]);
  startSession("one", { ...identity, roles: ["admin"] });
  expect(names.get().get("kim")).toBe("Kim");
  startSession("other", identity);
  expect(names.get().size).toBe(0);
});
