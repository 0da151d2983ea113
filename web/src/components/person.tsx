/** Somebody by name, with a way to what they have done; by the id of their account where they have no other name. */

import { useEffect } from "preact/hooks";

import { names, wantName } from "../api/names";
import { Link } from "../routing/link";
import { useStore } from "../store";
import { Name } from "./live";

export function Person({ account }: { account: string }) {
  const known = useStore(names);
  const name = known.get(account);
  useEffect(() => {
    wantName(account);
  }, [account]);
  if (name === undefined) {
    return <Name>{account}</Name>;
  }
  return (
    <Link href={`/people/${account}`} class="person">
      <Name>{name}</Name>
      {hasNamesake(known, account, name) && <span class="soft"> ({account})</span>}
    </Link>
  );
}

/** Whether somebody else who is known has the same name. */
function hasNamesake(known: ReadonlyMap<string, string>, account: string, name: string): boolean {
  return [...known].some(([other, theirs]) => other !== account && theirs === name);
}
