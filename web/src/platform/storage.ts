/** The browser's storage, where it may be used; otherwise a memory that is as long-lived as the page. */

export interface Keep {
  get(name: string): string | null;
  set(name: string, value: string): void;
  remove(name: string): void;
  /** The names that are in it and begin like this. */
  names(prefix: string): readonly string[];
}

/** Kept over visits and shared by all tabs. */
export const lasting = keepIn(() => localStorage);

/** Kept over reloads, in this tab alone. */
export const passing = keepIn(() => sessionStorage);

/**
 * Keeps texts in a storage. Where cookies are blocked even the mention of a storage throws, and a full one throws on writing:
 * then the text is kept in memory, which wins over what the storage still says of that name.
 */
export function keepIn(storage: () => Storage | null): Keep {
  const memory = new Map<string, string | null>();
  const attempt = <T>(access: (storage: Storage) => T, otherwise: T): T => {
    try {
      const kept = storage(); // none at all in some apps that show pages
      return kept === null ? otherwise : access(kept);
    } catch (failure) {
      if (failure instanceof DOMException) {
        return otherwise;
      }
      throw failure;
    }
  };
  return {
    get: (name) => memory.get(name) ?? (memory.has(name) ? null : attempt((kept) => kept.getItem(name), null)),
    set(name, value) {
      const isKept = attempt((kept) => {
        kept.setItem(name, value);
        return true;
      }, false);
      if (isKept) {
        memory.delete(name);
      } else {
        memory.set(name, value);
      }
    },
    remove(name) {
      const isGone = attempt((kept) => {
        kept.removeItem(name);
        return true;
      }, false);
      if (isGone) {
        memory.delete(name);
      } else {
        memory.set(name, null);
      }
    },
    names(prefix) {
      const stored = attempt(namesOf, []);
      return [...new Set([...stored, ...memory.keys()])].filter(
        (name) => name.startsWith(prefix) && memory.get(name) !== null,
      );
    },
  };
}

function namesOf(storage: Storage): readonly string[] {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index)).filter((name) => name !== null);
}

/** What a text says in JSON; undefined where it says nothing that can be read. */
export function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
