/** Signing out. Who came by an invitation has no password to come back with, and is asked first. */

import { useState } from "preact/hooks";

import { endSession, isInvited, type Session } from "../session/session";
import { Dialog } from "./dialog";
import { WayBack } from "./way-back";

export function SignOut({ user }: { user: Session }) {
  const [isAsking, setIsAsking] = useState(false);
  const leave = () => {
    endSession();
  };
  return (
    <>
      <button
        type="button"
        class="button button-small"
        onClick={() => {
          if (isInvited(user)) {
            setIsAsking(true);
          } else {
            leave();
          }
        }}
      >
        Sign out
      </button>
      {isAsking && (
        <Dialog
          title="Sign out?"
          onClose={() => {
            setIsAsking(false);
          }}
        >
          <p>You came by an invitation, which lets you in only once. Keep your personal link to come back.</p>
          <WayBack user={user} />
          <div class="row row-end">
            <button
              type="button"
              class="button"
              onClick={() => {
                setIsAsking(false);
              }}
            >
              Stay
            </button>
            <button type="button" class="button button-outcome button-danger" onClick={leave}>
              Sign out
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
