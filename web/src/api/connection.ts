/** Whether the server can be reached, as the last request and the browser say. */

import { createStore } from "../store";

/** Offline is this machine; unreachable is what lies beyond it, perhaps the server itself. */
export const connection = createStore<"online" | "offline" | "unreachable">("online");

window.addEventListener("offline", () => {
  connection.set("offline");
});
