/** What the page's code takes from a browser, for tests without one. Import it before that code. */

import { vi } from "vitest";

/** Storage that is as short-lived as a test. */
class FakeStorage {
  readonly #items = new Map<string, string>();

  getItem(name: string): string | null {
    return this.#items.get(name) ?? null;
  }

  setItem(name: string, value: string): void {
    this.#items.set(name, value);
  }

  removeItem(name: string): void {
    this.#items.delete(name);
  }

  get length(): number {
    return this.#items.size;
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }
}

/** Requests to addresses of the page's own origin. */
class PageRequest extends Request {
  constructor(address: string | URL, init?: RequestInit) {
    super(new URL(address, "http://hunch.test"), init);
  }
}

vi.stubGlobal("window", new EventTarget());
vi.stubGlobal("navigator", { onLine: true });
vi.stubGlobal("localStorage", new FakeStorage());
vi.stubGlobal("sessionStorage", new FakeStorage());
vi.stubGlobal("Request", PageRequest);
