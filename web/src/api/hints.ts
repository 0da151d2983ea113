/**
 * Hints by AppSync Events: a message of a market's channel says that something has happened to the market. It comes over a
 * WebSocket, by the protocol that AWS documents: connection_init and connection_ack, subscribe and subscribe_success, data,
 * and "ka" for being alive.
 */

import { currentToken } from "../session/session";
import { configQuery, type Push } from "../session/sign-in-ways";
import { answerOf } from "./client";

const PROTOCOL = "aws-appsync-event-ws";
/** How long it may take until the server listens. */
const OPENING_MS = 15_000;
/** How long it may be silent where it does not say itself. */
const SILENT_MS = 300_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** How the instance's own tokens begin, which nobody but the instance takes. */
const OWN_TOKEN = /^h[a-z]_/;

export interface Listener {
  /** @param position of the market's last event. */
  readonly onHint: (position: number) => void;
  /** Hints are heard from now on, or no longer. Between the two some may have been missed. */
  readonly onHeard: (areHeard: boolean) => void;
}

/** What is shown to be let in. */
type Authorization = Readonly<Record<string, string>>;

interface Message {
  readonly type?: unknown;
  readonly event?: unknown;
  readonly connectionTimeoutMs?: unknown;
}

/** Listens for hints of a market until the returned function is called, and comes back by itself. */
export function listen(slug: string, listener: Listener): () => void {
  const hints = new Hints(slug, listener);
  void hints.connect();
  return () => {
    hints.stop();
  };
}

class Hints {
  readonly #channel: string;
  readonly #listener: Listener;
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silentMs = SILENT_MS;
  #failures = 0;
  #areHeard = false;
  #isOver = false;

  constructor(slug: string, listener: Listener) {
    this.#channel = `/markets/${slug}`;
    this.#listener = listener;
  }

  /** Connects as the server says now: keys are renewed, and sessions begin and end. */
  async connect(): Promise<void> {
    const push = await findPush();
    const authorization = push && authorizationFor(push);
    if (this.#isOver) {
      return;
    }
    if (push === undefined || authorization === undefined) {
      this.#comeBack();
      return;
    }
    const socket = new WebSocket(push.url, [PROTOCOL, `header-${base64url(JSON.stringify(authorization))}`]);
    this.#socket = socket;
    this.#giveUpIn(OPENING_MS);
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify({ type: "connection_init" }));
    });
    socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      this.#take(parsed(data), authorization);
    });
    for (const end of ["error", "close"]) {
      socket.addEventListener(end, () => {
        this.#lose(socket);
      });
    }
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = undefined;
  }

  #take(message: Message, authorization: Authorization): void {
    if (this.#areHeard) {
      this.#giveUpIn(this.#silentMs); // whatever it says, it is there
    }
    switch (message.type) {
      case "connection_ack":
        this.#silentMs = Number(message.connectionTimeoutMs) || SILENT_MS;
        this.#send({ type: "subscribe", id: this.#channel, channel: this.#channel, authorization });
        break;
      case "subscribe_success":
        this.#failures = 0;
        this.#giveUpIn(this.#silentMs);
        this.#hear(true);
        break;
      case "data":
        for (const position of positionsIn(message.event)) {
          this.#listener.onHint(position);
        }
        break;
      case "connection_error":
      case "subscribe_error":
        this.#socket?.close();
        break;
    }
  }

  #send(message: object): void {
    this.#socket?.send(JSON.stringify(message));
  }

  /** Takes the connection for lost unless something is heard in time. */
  #giveUpIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#timer = setTimeout(() => {
      if (socket !== undefined) {
        socket.close();
        this.#lose(socket); // a connection that is dead says so late, or never
      }
    }, milliseconds);
  }

  #lose(socket: WebSocket): void {
    if (socket === this.#socket) {
      this.#socket = undefined;
      this.#hear(false);
      this.#comeBack();
    }
  }

  #hear(areHeard: boolean): void {
    if (areHeard !== this.#areHeard) {
      this.#areHeard = areHeard;
      this.#listener.onHeard(areHeard);
    }
  }

  /** Connects again after a while, later each time, and not when everybody else does. */
  #comeBack(): void {
    const longest = Math.min(FIRST_WAIT_MS * 2 ** this.#failures++, LONGEST_WAIT_MS);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.connect(), longest * (0.5 + Math.random() / 2));
  }
}

/** Where to listen; nowhere just now, where the server does not answer. */
async function findPush(): Promise<Push | undefined> {
  try {
    return (await answerOf(configQuery.read({}))).data?.push;
  } catch {
    return undefined;
  }
}

/** What lets the page in; nothing, where it would take a session with an issuer's token. */
function authorizationFor({ host, key }: Push): Authorization | undefined {
  if (key !== undefined) {
    return { host, "x-api-key": key };
  }
  const token = currentToken();
  return token === undefined || OWN_TOKEN.test(token) ? undefined : { host, Authorization: token };
}

/** The positions in the content of a message: one event, or a list of them, each a text of JSON. */
function positionsIn(content: unknown): readonly number[] {
  return [content].flat().flatMap((event) => {
    const { position } = parsed(event) as { position?: unknown };
    return typeof position === "number" ? [position] : [];
  });
}

/** An object that a text holds; an empty one where it holds something else. */
function parsed(text: unknown): Message {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

function base64url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
