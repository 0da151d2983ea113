/** Says that nothing new can be heard, for as long as that is so. */

import { connection } from "../api/connection";
import { useStore } from "../store";

export function OfflineBanner() {
  const state = useStore(connection);
  return (
    <div role="status">
      {state === "offline" && (
        <p class="banner">You are offline. What you see may be out of date; it goes on by itself once you are back.</p>
      )}
      {state === "unreachable" && (
        <p class="banner">The server cannot be reached. What you see may be out of date; it goes on by itself.</p>
      )}
    </div>
  );
}
