/** Where the page starts. */

import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/components.css";
import "./styles/early.css";

import { render } from "preact";

import { forgetAll } from "./api/cache";
import { onceQuiet } from "./api/transport";
import { App } from "./app";
import { prepare } from "./routes";
import { address } from "./routing/location";
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
const root = document.getElementById("page");
if (root !== null) {
  void prepare(address.get()).then(() => {
    render(<App />, root);
    void onceQuiet().then(refreshIdentity);
  });
}
