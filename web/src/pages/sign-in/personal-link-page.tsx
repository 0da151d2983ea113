/** The personal link of whoever came by an invitation: shown on joining, on coming back, and whenever they look for it. */

import { Page } from "../../components/page";
import { SignInFirst } from "../../components/sign-in-first";
import { WayBack } from "../../components/way-back";
import { EmptyState } from "../../components/empty-state";
import { Link } from "../../routing/link";
import { isInvited, session } from "../../session/session";
import { useStore } from "../../store";

export default function PersonalLinkPage() {
  const user = useStore(session);
  if (user === undefined) {
    return (
      <Page title="Your way back" narrow>
        <SignInFirst what="see your personal link" />
      </Page>
    );
  }
  return (
    <Page title={`You are in, ${user.name}`} narrow>
      {isInvited(user) ? (
        <WayBack user={user} />
      ) : (
        <EmptyState title="You sign in as you did before">
          <p>Personal links are for those who came by an invitation.</p>
          <Markets />
        </EmptyState>
      )}
      {isInvited(user) && (
        <div class="row">
          <Markets />
        </div>
      )}
    </Page>
  );
}

function Markets() {
  return (
    <Link href="/" class="button button-strong">
      See the markets
    </Link>
  );
}
