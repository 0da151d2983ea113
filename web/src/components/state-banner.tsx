/** What holds for the whole page: that nothing new can be heard, or that the session is over; as long as that is so. */

import { connection } from "../api/connection";
import { Link } from "../routing/link";
import { address, signInAddress } from "../routing/location";
import { farewell, session } from "../session/session";
import { useStore } from "../store";

export function StateBanner() {
  const state = useStore(connection);
  const { pathname } = useStore(address);
  const user = useStore(session);
  const why = useStore(farewell);
  return (
    <div role="status">
      {state === "offline" && (
        <p class="banner">You are offline. What you see may be out of date; it goes on by itself once you are back.</p>
      )}
      {state === "unreachable" && (
        <p class="banner">The server cannot be reached. What you see may be out of date; it goes on by itself.</p>
      )}
      {why === "expired" && user === undefined && pathname !== "/sign-in" && (
        <p class="banner">
          Your session has ended. What you were typing is kept: <Link href={signInAddress()}>sign in again</Link> to go
          on.
        </p>
      )}
    </div>
  );
}
