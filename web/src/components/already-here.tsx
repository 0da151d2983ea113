/** Says who is signed in already where signing in takes their place, and how they come back. */

import { isInvited, session } from "../session/session";
import { useStore } from "../store";
import { Name } from "./live";
import { Notice } from "./notice";
import { WayBack } from "./way-back";

export function AlreadyHere() {
  const user = useStore(session);
  if (user === undefined) {
    return null;
  }
  return (
    <>
      <Notice tone="care">
        <strong>
          You are signed in as <Name>{user.name}</Name>
        </strong>
        <span>Signing in here again takes that account's place in this browser.</span>
      </Notice>
      {isInvited(user) && <WayBack user={user} />}
    </>
  );
}
