/** Stands where something needs an account and nobody is signed in. */

import { Link } from "../routing/link";
import { signInAddress } from "../routing/location";
import { EmptyState } from "./empty-state";

export function SignInFirst({ what }: { what: string }) {
  return (
    <EmptyState title={`Sign in to ${what}`}>
      <p>A new account starts with a grant of credits. It is play money.</p>
      <Link href={signInAddress()} class="button button-strong">
        Sign in
      </Link>
    </EmptyState>
  );
}
