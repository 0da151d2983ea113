/** Where the page starts. */

import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/components.css";

import { render } from "preact";

import { forgetAll } from "./api/cache";
import { App } from "./app";
import { refreshIdentity } from "./session/identity";
import { hideSecret } from "./session/secret-in-address";
import { currentToken, session } from "./session/session";

hideSecret();

// Another person sees other things: nothing that was read before is theirs.
let reader = currentToken();
session.subscribe(() => {
  if (currentToken() !== reader) {
    reader = currentToken();
    forgetAll();
  }
});
void refreshIdentity();

const root = document.getElementById("page");
if (root !== null) {
  render(<App />, root);
}
