import assert from "node:assert/strict";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { after, before, test } from "node:test";

import { createHunch, dataOf, followed, type Hunch, HunchError, items, newKey, stream } from "../src/index.js";
import { type Server, startServer } from "./server.js";

let server: Server;

before(async () => {
  server = await startServer();
});
after(async () => {
  await server.stop();
});

/** A client for an account of its own, and the requests that it sent; `lose` answers are lost on the way. */
async function client(account: string, lose = 0): Promise<{ hunch: Hunch; sent: Request[] }> {
  const sent: Request[] = [];
  const hunch = createHunch(server.url, await server.signIn(account), {
    pause: 1,
    fetch: async (request) => {
      sent.push(request.clone());
      const response = await fetch(request);
      if (lose > 0) {
        lose--;
        await response.body?.cancel();
        throw new TypeError("the answer is lost");
      }
      return response;
    },
  });
  return { hunch, sent };
}

async function publish(hunch: Hunch, slug: string): Promise<void> {
  await dataOf(hunch.POST("/v1/markets", { body: { slug, name: "Will it rain?" } }));
  await dataOf(hunch.POST("/v1/markets/{slug}/publish", { params: { path: { slug } } }));
}

function order(hunch: Hunch, slug: string, spend: string, key = newKey()) {
  return hunch.POST("/v1/markets/{slug}/orders", {
    params: { path: { slug }, header: { "Idempotency-Key": key } },
    body: { outcome: "YES", side: "buy", spend },
  });
}

test("a market is made, quoted and traded on", async () => {
  const { hunch } = await client("ann");
  await publish(hunch, "rain");
  const params = { path: { slug: "rain" } };
  const body = { outcome: "YES", side: "buy", spend: "20" } as const;
  const quote = await dataOf(hunch.POST("/v1/markets/{slug}/quotes", { params, body }));
  const filled = await followed(hunch, order(hunch, "rain", "20"));
  assert.deepEqual([filled.status, filled.amount, filled.quantity], ["filled", quote.amount, quote.quantity]);
  const market = await dataOf(hunch.GET("/v1/markets/{slug}", { params }));
  assert.deepEqual(
    market.outcomes.map((outcome) => outcome.price),
    Object.values(quote.prices_after),
  );
});

test("a list gives each item once, page by page", async () => {
  const { hunch, sent } = await client("bob");
  await publish(hunch, "pages");
  for (let number = 0; number < 5; number++) {
    await followed(hunch, order(hunch, "pages", "1"));
  }
  sent.length = 0;
  const versions: number[] = [];
  const fetchPage = (cursor: { cursor?: string }) =>
    hunch.GET("/v1/markets/{slug}/trades", { params: { path: { slug: "pages" }, query: { limit: 2, ...cursor } } });
  for await (const trade of items("trades", fetchPage)) {
    versions.push(trade.version);
  }
  assert.deepEqual(versions, [5, 4, 3, 2, 1]);
  assert.equal(sent.length, 3);
});

test("an order whose answer is lost is traded once", async () => {
  await publish((await client("cat")).hunch, "lost");
  const { hunch, sent } = await client("dan", 2);
  assert.equal((await followed(hunch, order(hunch, "lost", "10"))).status, "filled");
  assert.equal(new Set(sent.map((request) => request.headers.get("Idempotency-Key"))).size, 1);
  assert.equal((await dataOf(hunch.GET("/v1/portfolio/trades"))).trades.length, 1);
});

test("when no answer comes the error names the key that tells", async () => {
  await publish((await client("eve")).hunch, "unknown");
  const { hunch } = await client("fay", 5);
  const failure = await order(hunch, "unknown", "10", "mine").catch((error: unknown) => error);
  assert.ok(failure instanceof HunchError);
  assert.deepEqual([failure.code, failure.key], ["unreachable", "mine"]);
  assert.equal((await followed(hunch, order(hunch, "unknown", "10", "mine"))).status, "filled");
  assert.equal((await dataOf(hunch.GET("/v1/portfolio/trades"))).trades.length, 1);
});

test("what honours no key is not sent twice", async () => {
  const { hunch } = await client("gil", 1);
  await assert.rejects(hunch.POST("/v1/api-keys", { body: { name: "bot", scopes: ["read"] } }), {
    code: "unreachable",
  });
  assert.equal((await dataOf(hunch.GET("/v1/api-keys")))["api-keys"].length, 1);
});

test("a refusal has a code", async () => {
  const { hunch } = await client("hal");
  await publish(hunch, "refused");
  await assert.rejects(dataOf(order(hunch, "refused", "100000")), {
    code: "insufficient-funds",
    status: 422,
    key: undefined,
  });
  await assert.rejects(dataOf(hunch.GET("/v1/markets/{slug}", { params: { path: { slug: "none" } } })), {
    code: "market-not-found",
  });
});

test("an instance that asks for patience gets it, within bounds", async () => {
  const answers = [
    { status: 503, after: "0" },
    { status: 429, after: "0" },
    { status: 200, after: "" },
    { status: 503, after: "3600" },
  ];
  const hunch = createHunch("http://hunch.test", undefined, {
    fetch: () => {
      const { status, after: seconds } = answers.shift() ?? { status: 500, after: "" };
      const problem = { title: "Busy", status, code: "contention" };
      return Promise.resolve(Response.json(problem, { status, headers: { "Retry-After": seconds } }));
    },
  });
  await dataOf(hunch.GET("/v1/health"));
  assert.equal(answers.length, 1);
  await assert.rejects(dataOf(order(hunch, "rain", "1", "mine")), { code: "contention", status: 503, key: "mine" });
});

test("a stream that breaks goes on where it was", async () => {
  const asked: (string | undefined)[] = [];
  const event = (position: number) =>
    `id: ${position}\nevent: trade\ndata: ${JSON.stringify({ market: "rain", position, type: "trade", data: { text: "a\u2028b" } })}\n\n`;
  const scripts = [
    [event(1).slice(0, 9), event(1).slice(9), event(2)],
    [event(2), event(3)],
  ];
  const breaking = createServer((request, response) => {
    asked.push(request.headers["last-event-id"]?.toString());
    const script = scripts.shift();
    if (script === undefined) {
      response.writeHead(404, { "Content-Type": "application/problem+json" });
      response.end(JSON.stringify({ title: "No", status: 404, code: "market-not-found" }));
      return;
    }
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    script.forEach((text) => response.write(text));
    setTimeout(() => response.destroy(), 20);
  });
  await new Promise<void>((resolve) => breaking.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${String((breaking.address() as AddressInfo).port)}`;
  const positions: number[] = [];
  const reading = async () => {
    for await (const happened of stream(url, "rain", { pause: 1 })) {
      positions.push(happened.position);
      assert.equal(happened.data.text, "a\u2028b");
    }
  };
  await assert.rejects(reading, { code: "market-not-found" });
  assert.deepEqual(positions, [1, 2, 3]);
  assert.deepEqual(asked, [undefined, "2", "3"]);
  breaking.close();
});
