import "./fake-browser";

import { expect, test, vi } from "vitest";

import { client } from "./client";
import { names, wantName } from "./names";

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
  await vi.waitFor(() => {
    expect(names.get().get("bob")).toBe("BOB");
  });
  wantName("ann");
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(asked).toEqual([["ann", "bob"]]);
});

test("whom a page draws a frame later is asked for with the others", async () => {
  const asked: string[][] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(new URL(request.url).searchParams.getAll("account"));
    return Promise.resolve(Response.json({ accounts: [] }));
  });
  for (const account of ["gus", "hal", "ida"]) {
    wantName(account);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await vi.waitFor(() => {
    expect(asked).toEqual([["gus", "hal", "ida"]]);
  });
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
  await client.GET("/v1/portfolio");
  wantName("fay");
  void client.GET("/v1/audit");
  await vi.waitFor(() => {
    expect(asked).toEqual([["eve", "fay"]]);
  });
});
