/** AppSync Events on loopback, for tests: it speaks the protocol, and refuses who does not. */

import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

import { type WebSocket, WebSocketServer } from "ws";

export const HOST = "events.example";

interface Asked {
  readonly type: string;
  readonly id?: string;
  readonly channel?: string;
  readonly authorization?: Readonly<Record<string, string>>;
}

export class FakeAppSync {
  readonly #server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    handleProtocols: (offered) => (offered.has("aws-appsync-event-ws") ? "aws-appsync-event-ws" : false),
    verifyClient: ({ req }: { req: IncomingMessage }) => this.#isLetIn(shownIn(req)),
  });
  readonly #waiting: (() => void)[] = [];
  /** What lets somebody in, such as a key. */
  credential = "";
  /** How long it says that it may be silent. */
  connectionTimeoutMs = 300_000;
  /** Whether it lets people in, and then tells them nothing. */
  isMute = false;
  refusesSubscriptions = false;
  /** How many messages it has heard. */
  messages = 0;
  /** Every channel that was subscribed to, one connection after another. */
  readonly subscribed: string[] = [];
  /** What was shown at every attempt to connect. */
  readonly shown: Readonly<Record<string, string>>[] = [];

  constructor() {
    this.#server.on("connection", (socket) => {
      socket.on("message", (data) => {
        this.messages++;
        this.#answer(socket, JSON.parse((data as Buffer).toString()) as Asked);
        this.#note();
      });
      socket.on("close", () => {
        this.#note();
      });
    });
  }

  async start(): Promise<void> {
    await once(this.#server, "listening");
  }

  async stop(): Promise<void> {
    this.drop();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/event/realtime`;
  }

  get connections(): number {
    return this.#server.clients.size;
  }

  /** Waits until something is so; it is looked at after each message, connection and end of one. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Something outside has happened that may be waited for. */
  note(): void {
    this.#note();
  }

  /** Tells everybody who listens. */
  publish(event: object): void {
    this.say({ type: "data", id: "1", event: JSON.stringify(event) });
  }

  say(message: object): void {
    for (const client of this.#server.clients) {
      client.send(JSON.stringify(message));
    }
  }

  /** Ends all connections without a word. */
  drop(): void {
    for (const client of this.#server.clients) {
      client.terminate();
    }
  }

  #note(): void {
    for (const wake of this.#waiting.splice(0)) {
      wake();
    }
  }

  #isLetIn(shown: Readonly<Record<string, string>>): boolean {
    this.shown.push(shown);
    queueMicrotask(() => {
      this.#note();
    });
    return shown.host === HOST && [shown["x-api-key"], shown.Authorization].includes(this.credential);
  }

  #answer(socket: WebSocket, { type, id, channel = "", authorization = {} }: Asked): void {
    const say = (message: object) => {
      socket.send(JSON.stringify(message));
    };
    if (this.isMute) {
      return;
    }
    if (type === "connection_init") {
      say({ type: "connection_ack", connectionTimeoutMs: this.connectionTimeoutMs });
    } else if (type === "subscribe") {
      const isLetIn = authorization.host === HOST && Object.values(authorization).includes(this.credential);
      if (isLetIn && !this.refusesSubscriptions) {
        this.subscribed.push(channel);
        say({ type: "subscribe_success", id });
      } else {
        say({ type: "subscribe_error", id, errors: [{ errorType: "UnauthorizedException" }] });
      }
    }
  }
}

/** What is shown in the second of the offered protocols. */
function shownIn(request: IncomingMessage): Readonly<Record<string, string>> {
  const header = /header-(?<text>[\w-]+)/.exec(request.headers["sec-websocket-protocol"] ?? "")?.groups?.text ?? "";
  return JSON.parse(Buffer.from(header, "base64url").toString() || "{}") as Record<string, string>;
}
