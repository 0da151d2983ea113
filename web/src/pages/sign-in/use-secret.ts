/** A token at the end of an address: it leaves the address at once, and stays in this tab until it is used. */

import { useEffect, useState } from "preact/hooks";

import { address } from "../../routing/location";
import { draftFor, dropDraft } from "../../session/drafts";
import { hideSecret } from "../../session/secret-in-address";
import { useStore } from "../../store";

/**
 * The secret in the address, or that of a visit before.
 *
 * @param purpose what it is for; there is one of each.
 * @returns the secret, empty where there is none, and how to forget it.
 */
export function useSecret(purpose: string): { secret: string; forget: () => void } {
  const { hash } = useStore(address);
  const [secret, setSecret] = useState(() => secretIn(hash, purpose));

  useEffect(() => {
    if (hash.length > 1) {
      hideSecret();
      setSecret(hash.slice(1));
    }
  }, [hash]);

  return {
    secret,
    forget() {
      dropDraft(purpose);
    },
  };
}

function secretIn(hash: string, purpose: string): string {
  const { token } = draftFor(purpose);
  return hash.length > 1 ? hash.slice(1) : typeof token === "string" ? token : "";
}
