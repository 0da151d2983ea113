/** What a problem's type means; the API's errors link here. */

import { EmptyState } from "../../components/empty-state";
import { Page } from "../../components/page";
import { Link } from "../../routing/link";
import { EXPLANATIONS } from "./explanations";

export default function ProblemPage({ parameters: { code = "" } }: { parameters: Readonly<Record<string, string>> }) {
  const explanation = Object.hasOwn(EXPLANATIONS, code) ? EXPLANATIONS[code] : undefined;
  if (explanation === undefined) {
    return (
      <Page title="Unknown problem" narrow>
        <EmptyState title="There is no problem of this name">
          <Link href="/" class="button">
            See the markets
          </Link>
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title={explanation.title} narrow>
      <article class="card stack">
        <p class="soft small">
          HTTP {explanation.status} · <code>{code}</code>
        </p>
        <p>{explanation.meaning}</p>
        <h2>What to do</h2>
        <p>{explanation.remedy}</p>
      </article>
    </Page>
  );
}
