/** Where the page starts. */

import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/components.css";

import { render } from "preact";

import { forgetAll } from "./api/cache";
import { App } from "./app";
import { session } from "./session/session";

// Another person sees other things: nothing that was read before is theirs.
session.subscribe(forgetAll);

const root = document.getElementById("page");
if (root !== null) {
  render(<App />, root);
}
