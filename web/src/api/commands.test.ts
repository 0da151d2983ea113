import "./fake-browser";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import {
  acceptInvitation,
  addComment,
  createApiKey,
  deleteDraft,
  deleteWebhook,
  invite,
  type OrderBody,
  placeOrder,
  removeComment,
  revokeApiKey,
  revokeInvitation,
  signInAsDeveloper,
} from "./commands";
import { endSession, startSession } from "../session/session";
import { fulfil, purposeOf, settle, unsettled } from "./intents";
import type { Problem } from "./problem";

const ORDER: OrderBody = { outcome: "YES", side: "buy", spend: "10" };
const OTHER: OrderBody = { outcome: "YES", side: "buy", spend: "20" };
const LOST = new TypeError("Failed to fetch");

/** An answer of the API's, or the network's way to fail. */
type Reply = Error | [status: number, body?: unknown];

/** The keys that arrived, in order. */
let keys: (string | null)[];

beforeEach(() => {
  keys = [];
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});

afterEach(() => {
  settle("order");
  endSession();
  vi.useRealTimers();
});

/** Lets the server answer like this, one request after another. */
function answer(...replies: Reply[]): void {
  vi.stubGlobal("fetch", (request: Request) => {
    keys.push(request.headers.get("Idempotency-Key"));
    const reply = replies.shift();
    if (reply === undefined || reply instanceof Error) {
      return Promise.reject(reply ?? new Error("one request too many"));
    }
    const [status, body = { title: "No", status, code: "no" }] = reply;
    return Promise.resolve(new Response(typeof body === "string" ? body : JSON.stringify(body), { status }));
  });
}

/** What became of a command, without waiting for its pauses. */
async function outcomeOf<T>(command: Promise<T>): Promise<T | Problem> {
  const outcome = command.catch((problem: unknown) => problem as Problem);
  await vi.runAllTimersAsync();
  return outcome;
}

function order(body = ORDER) {
  return outcomeOf(fulfil("order", body, (sent, key) => placeOrder("rain", sent, key)));
}

test("what one person meant to do is not sent for the next one in the same tab", async () => {
  const [ada, bob] = [purposeOf("ada", "comment.rain"), purposeOf("bob", "comment.rain")];
  answer(LOST, [201, {}]);
  await outcomeOf(fulfil(ada, "hello", (text, key) => addComment("rain", text, key)));
  expect(unsettled(bob)).toBeUndefined();
  await outcomeOf(fulfil(bob, "good morning", (text, key) => addComment("rain", text, key)));
  expect(unsettled(ada)).toBe("hello");
  expect(new Set(keys).size).toBe(2);
  settle(ada);
});

describe("an order", () => {
  test.each<[string, Reply[]]>([
    ["lost, and then a session that has ended", [LOST, [401]]],
    ["lost, and then too many requests", [LOST, [429], [429], [429], [429]]],
    ["lost, and then a timeout of what is in between", [LOST, [408]]],
    ["a server in trouble, and then a session that has ended", [[503], [401]]],
    ["queued, and then a session that has ended", [[202, { id: "o", status: "pending" }], [401]]],
    ["queued, and then too many requests", [[202, { id: "o", status: "pending" }], [429]]],
    ["a sign-in of the network's in place of an answer", [[200, "<!doctype html>"]]],
  ])("is not decided by %s", async (_, replies) => {
    answer(...replies);
    await order();
    if (replies[0] === LOST) {
      await order();
    }
    expect(unsettled("order")).toEqual(ORDER);
    const [first] = keys;
    answer([201, { id: "o", status: "filled" }]);
    expect(await order()).toMatchObject({ status: "filled" });
    expect(keys.at(-1)).toBe(first);
    expect(unsettled("order")).toBeUndefined();
  });

  test("that was refused is settled, and the next has another key", async () => {
    answer([422], [201, { id: "o", status: "filled" }]);
    expect(await order()).toMatchObject({ status: 422 });
    expect(unsettled("order")).toBeUndefined();
    await order();
    expect(new Set(keys).size).toBe(2);
  });

  test("is not sent while another one is open", async () => {
    answer(LOST);
    await order();
    expect(await order(OTHER)).toMatchObject({ title: "The last one is still open" });
    expect(keys).toHaveLength(1);
    expect(unsettled("order")).toEqual(ORDER);
  });
});

test("who signs in while somebody else is signed in is themselves, and called as they write it", async () => {
  startSession("before", { account: "ada", name: "Ada", roles: [] });
  const sent: unknown[] = [];
  const shown = new Map<string, string | null>();
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push(request.method === "POST" ? await request.json() : undefined);
    shown.set(new URL(request.url).pathname, request.headers.get("Authorization"));
    return Response.json({ token: "t", account: "lukasz", name: "Łukasz", roles: [] });
  });
  await signInAsDeveloper("lukasz", "Łukasz", false);
  expect(sent.slice(0, 2)).toEqual([{ account: "lukasz", roles: [] }, { name: "Łukasz" }]);
  expect([shown.get("/v1/accounts"), shown.get("/v1/me")]).toEqual(["Bearer t", "Bearer t"]);
});

test.each<[string, () => Promise<unknown>]>([
  ["a draft", () => deleteDraft("rain")],
  ["a comment", () => removeComment("rain", "1")],
  ["a key", () => revokeApiKey("1")],
  ["an invitation", () => revokeInvitation("1")],
  ["a webhook", () => deleteWebhook("1")],
])("%s that is not there any more is removed", async (_, remove) => {
  answer([404], [403]);
  expect(await outcomeOf(remove())).toBeUndefined();
  expect(await outcomeOf(remove())).toMatchObject({ status: 403 });
});

test.each<[string, () => Promise<unknown>, RegExp]>([
  ["a key", () => createApiKey("bot", []), /Look at the list/],
  ["an invitation", () => invite(1, "2027-01-01T00:00:00Z"), /Look at the list/],
  ["an account", () => acceptInvitation("token", "Ada"), /may be open all the same/],
])("%s is never called safe to ask for again", async (_, ask, advice) => {
  for (const reply of [LOST, [500], [502, "Bad Gateway"]] satisfies Reply[]) {
    answer(reply);
    expect(await outcomeOf(ask())).toMatchObject({ message: expect.stringMatching(advice) as string });
  }
  answer([429, { title: "Too many", status: 429, detail: "Wait a second." }]);
  expect(await outcomeOf(ask())).toMatchObject({ message: "Wait a second." });
});
