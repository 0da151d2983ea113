import "../api/fake-browser";

import { expect, test, vi } from "vitest";

import { personalLink } from "./personal-link";
import type { Session } from "./session";

const LINK = { url: "http://hunch.test/sign-in-link#token", expires_at: "2026-12-27T00:00:00.000000Z" };

function sessionOf(token: string): Session {
  return { token, account: "ada", name: "Ada", isAdmin: false };
}

function answer(status: number, body: object): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push(`${new URL(request.url).pathname} ${await request.text()}`);
    return Response.json(body, { status });
  });
  return asked;
}

test("a link is made once, for less than thirty days", async () => {
  const asked = answer(201, LINK);
  expect(await personalLink(sessionOf("hs_one"))).toEqual(LINK);
  expect(await personalLink(sessionOf("hs_one"))).toEqual(LINK);
  expect(asked).toHaveLength(1);
  const [path = "", body = ""] = (asked[0] ?? "").split(" ");
  expect(path).toBe("/v1/accounts/ada/sign-in-links");
  const { expires_at } = JSON.parse(body) as { expires_at: string };
  expect(Date.parse(expires_at) - Date.now()).toBeLessThan(30 * 86_400_000);
});

test.each([
  [404, "not-found"],
  [403, "forbidden"],
])("where there are none (%d) there is none", async (status, code) => {
  answer(status, { title: "No", status, code });
  expect(await personalLink(sessionOf(`hs_${status}`))).toBeUndefined();
});

test("without an answer nobody is told that there is none", async () => {
  answer(503, { title: "Busy", status: 503, code: "contention" });
  await expect(personalLink(sessionOf("hs_busy"))).rejects.toMatchObject({ code: "contention" });
});
