import "./fake-browser";

import { expect, test, vi } from "vitest";

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
