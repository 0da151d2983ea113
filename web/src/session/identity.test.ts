import "../api/fake-browser";

import { afterEach, expect, test, vi } from "vitest";

import { refreshIdentity } from "./identity";
import { claimsOf, endSession, isInvited, renameSession, session, startSession } from "./session";

/** A token as an issuer makes it. */
function tokenOf(claims: object): string {
  const text = btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(claims))));
  return `head.${text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}.signature`;
}

function answer(status: number, body: unknown): void {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json(body, { status })));
}

async function rolesAfter(
  status: number,
  body: unknown,
  claims: object,
  isAdmin = false,
): Promise<boolean | undefined> {
  startSession(tokenOf(claims), { account: "grace", name: "grace", roles: isAdmin ? ["admin"] : [] });
  answer(status, body);
  await refreshIdentity();
  return session.get()?.isAdmin;
}

afterEach(() => {
  endSession();
});

test("a group that the server takes for admins makes an admin, whatever the token calls it", async () => {
  expect(await rolesAfter(200, { account: "grace", name: "Grace", roles: ["admin"] }, { groups: ["teachers"] })).toBe(
    true,
  );
  expect(session.get()).toMatchObject({ account: "grace", name: "Grace" });
});

test("a group that the server does not take for admins makes none, whatever the token calls it", async () => {
  expect(await rolesAfter(200, { account: "grace", name: null, roles: [] }, { groups: ["admin"] }, true)).toBe(false);
  expect(session.get()).toMatchObject({ name: "grace" });
});

test("a server that does not know the question leaves it to the token", async () => {
  const unknown = { title: "No", status: 404, code: "not-found" };
  expect(await rolesAfter(404, unknown, { groups: ["admin"] })).toBe(true);
  expect(await rolesAfter(404, unknown, { groups: ["teachers"] })).toBe(false);
});

test.each([
  [403, { title: "No", status: 403, code: "forbidden", detail: "This account is suspended." }],
  [503, { title: "Busy", status: 503, code: "contention" }],
  [429, { title: "Slow down", status: 429, code: "too-many-requests" }],
])("without an answer (%d) what was known stays", async (status, body) => {
  expect(await rolesAfter(status, body, {}, true)).toBe(true);
});

test.each<[string, object, string | null]>([
  ["storage", { key: "hunch.session" }, "bob"],
  ["storage", { key: "hunch.session" }, null],
  ["storage", { key: null }, null],
  ["pageshow", { persisted: true }, "bob"],
  ["pageshow", { persisted: true }, null],
])("what other tabs made of the session is learned: %s %j", (type, details, account) => {
  startSession("token", { account: "ada", name: "Ada", roles: [] });
  localStorage.removeItem("hunch.session");
  if (account !== null) {
    localStorage.setItem("hunch.session", JSON.stringify({ token: "other", account }));
  }
  window.dispatchEvent(Object.assign(new Event(type), details));
  expect(session.get()?.account).toBe(account ?? undefined);
});

test.each([
  ["hs_eyJhY2NvdW50IjoiYWRhIn0.x", true],
  ["hd_eyJhY2NvdW50IjoiYWRhIn0.x", false],
  [tokenOf({ sub: "ada" }), false],
])("%s came by an invitation: %s", (token, expected) => {
  expect(isInvited({ token, account: "ada", name: "ada", isAdmin: false })).toBe(expected);
});

test("claims may be in any script, and an opaque token has none", () => {
  expect(claimsOf(tokenOf({ name: "李雷" }))).toEqual({ name: "李雷" });
  expect(claimsOf("opaque")).toEqual({});
});

test("whoever renames themselves is called so at once, and keeps their roles; others' names are not theirs", () => {
  startSession("token", { account: "ada", name: "Ada", roles: ["admin"] });
  renameSession({ account: "bob", name: "Bobby" });
  expect(session.get()).toMatchObject({ account: "ada", name: "Ada" });
  renameSession({ account: "ada", name: "Augusta" });
  expect(session.get()).toEqual({ token: "token", account: "ada", name: "Augusta", isAdmin: true });
});
