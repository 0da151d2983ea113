/** Formats, which are slow to make: each is made when it is first used, and then kept. */

/** What a function makes, once. */
export function onDemand<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
