import "../api/fake-browser";

import { beforeEach, expect, test } from "vitest";

import { draftFor, dropDrafts, keepDraft } from "./drafts";
import { endSession, startSession } from "./session";
import { fitting } from "./use-draft";

const TYPED = { name: "Will it rain?" };

function arrive(account: string): void {
  startSession(`token of ${account}`, { account, name: account, roles: [] });
}

beforeEach(() => {
  endSession();
  dropDrafts();
});

test("what was typed outlives the end of a session, and signing in again", () => {
  arrive("ada");
  keepDraft("create", TYPED);
  endSession("expired");
  expect(draftFor("create")).toEqual(TYPED);
  arrive("ada");
  expect(draftFor("create")).toEqual(TYPED);
});

test("what a visitor has typed is theirs once they sign in", () => {
  keepDraft("order.rain", { typed: "12" });
  arrive("ada");
  expect(draftFor("order.rain")).toEqual({ typed: "12" });
});

test("nobody else sees it", () => {
  arrive("ada");
  keepDraft("create", TYPED);
  endSession("expired");
  arrive("bob");
  expect(draftFor("create")).toEqual({});
});

test("signing out forgets it", () => {
  arrive("ada");
  keepDraft("create", TYPED);
  endSession();
  expect(draftFor("create")).toEqual({});
});

test("what an older page has kept in another shape is left out", () => {
  const initial = { name: "", outcomes: ["YES"], isSplit: false };
  const draft = { name: "Rain", outcomes: "YES,NO", isSplit: true, constructor: "x", gone: 1 };
  expect(fitting(draft, initial)).toEqual({ name: "Rain", isSplit: true });
});
