/** An OpenID provider on loopback, with one person who has an account there. It insists on PKCE. */

import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request to sign in that the provider has granted, until its code is used. */
interface Grant {
  readonly redirectUri: string;
  readonly challenge: string;
}

const LIFE_SECONDS = 300;

export class Issuer {
  readonly #key = generateKeyPairSync("rsa", { modulusLength: 2048 });
  readonly #grants = new Map<string, Grant>();
  readonly #server = createServer((request, response) => {
    void this.#answer(request, response);
  });

  readonly clientId: string;
  readonly #person: Readonly<Record<string, unknown>>;

  /**
   * @param clientId what it calls the page.
   * @param person what its tokens say about whoever signs in.
   */
  constructor(clientId: string, person: Readonly<Record<string, unknown>>) {
    this.clientId = clientId;
    this.#person = person;
  }

  /** Where it answers: the `iss` of its tokens. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await once(this.#server.close(), "close");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "", this.url);
    if (pathname === "/authorize") {
      response.setHeader("Content-Type", "text/html");
      response.end(this.#askPerson(searchParams));
      return;
    }
    const answer =
      pathname === "/token" ? this.#exchange(new URLSearchParams(await text(request))) : this.#says(pathname);
    response.writeHead(answer === undefined ? 400 : 200, {
      "Content-Type": "application/json",
      "Access-Control-Allow-Origin": "*",
    });
    response.end(JSON.stringify(answer ?? { error: "invalid_grant" }));
  }

  /** What it publishes. */
  #says(path: string): object | undefined {
    return {
      "/.well-known/openid-configuration": {
        issuer: this.url,
        authorization_endpoint: `${this.url}/authorize`,
        token_endpoint: `${this.url}/token`,
        jwks_uri: `${this.url}/keys`,
      },
      "/keys": { keys: [{ ...this.#key.publicKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" }] },
    }[path];
  }

  /** The page on which the person agrees, or not, to being signed in. */
  #askPerson(asked: URLSearchParams): string {
    const redirectUri = asked.get("redirect_uri") ?? "";
    const isWhole =
      asked.get("response_type") === "code" &&
      asked.get("client_id") === this.clientId &&
      asked.get("scope")?.split(" ").includes("openid") === true &&
      asked.get("code_challenge_method") === "S256" &&
      asked.has("state") &&
      new URL(redirectUri).pathname === "/sign-in/callback";
    if (!isWhole) {
      return "<!doctype html><title>No request that this provider grants</title>";
    }
    const code = randomUUID();
    this.#grants.set(code, { redirectUri, challenge: asked.get("code_challenge") ?? "" });
    const state = asked.get("state") ?? "";
    const leave = (answer: Record<string, string>) => `${redirectUri}?${new URLSearchParams({ ...answer, state })}`;
    return `<!doctype html><title>Provider</title>
      <a href="${leave({ code }).replaceAll("&", "&amp;")}">Agree</a>
      <a href="${leave({ error: "access_denied" }).replaceAll("&", "&amp;")}">Refuse</a>`;
  }

  /** The tokens for a code: once, and to nobody but who asked for it. */
  #exchange(form: URLSearchParams): object | undefined {
    const code = form.get("code") ?? "";
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const isTheirs =
      form.get("grant_type") === "authorization_code" &&
      form.get("client_id") === this.clientId &&
      form.get("redirect_uri") === grant?.redirectUri &&
      challenge === grant.challenge;
    if (!isTheirs) {
      return undefined;
    }
    // As from many providers, the access token is none of the page's business: that for it is the other one.
    return { access_token: "opaque", id_token: this.#token(), token_type: "Bearer", expires_in: LIFE_SECONDS };
  }

  #token(): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = { ...this.#person, iss: this.url, aud: this.clientId, iat: now, exp: now + LIFE_SECONDS };
    const signed = [{ alg: "RS256", typ: "JWT", kid: "one" }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), this.#key.privateKey).toString("base64url")}`;
  }
}
