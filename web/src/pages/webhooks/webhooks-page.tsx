/** Addresses that are told what happens, without asking. */

import { useState } from "preact/hooks";

import type { DisclosedWebhook } from "../../api/commands";
import { CopyButton } from "../../components/copy-button";
import { Notice } from "../../components/notice";
import { Page } from "../../components/page";
import { SignInFirst } from "../../components/sign-in-first";
import { placed } from "../../platform/place";
import { session } from "../../session/session";
import { useStore } from "../../store";
import { WebhookForm } from "./webhook-form";
import { WebhookList } from "./webhook-list";

export default function WebhooksPage() {
  const user = useStore(session);
  return (
    <Page title="Webhooks" narrow>
      {user === undefined ? <SignInFirst what="make webhooks" /> : <Webhooks />}
    </Page>
  );
}

function Webhooks() {
  const [disclosed, setDisclosed] = useState<DisclosedWebhook>();
  return (
    <>
      <p class="soft">
        Each event of a market is sent to your address, in order, until it answers that it has it. Check the signature
        before you trust a message. <a href={placed("/docs")}>The API, explained</a>
      </p>
      <WebhookForm onCreated={setDisclosed} />
      {disclosed !== undefined && <Secret disclosed={disclosed} />}
      <WebhookList onSecret={setDisclosed} />
    </>
  );
}

function Secret({ disclosed }: { disclosed: DisclosedWebhook }) {
  return (
    <Notice tone="good">
      <strong>
        Here is the secret for <bdi>{disclosed.url}</bdi>. It is shown this once.
      </strong>
      <code>{disclosed.secret}</code>
      <div class="row">
        <CopyButton text={disclosed.secret} label="Copy the secret" />
      </div>
    </Notice>
  );
}
