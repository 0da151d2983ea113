/** For addresses that lead nowhere. */

import { EmptyState } from "../components/empty-state";
import { Page } from "../components/page";
import { Link } from "../routing/link";

export default function NotFoundPage() {
  return (
    <Page title="Nothing here">
      <EmptyState title="There is no page at this address">
        <Link href="/" class="button button-strong">
          See the markets
        </Link>
      </EmptyState>
    </Page>
  );
}
