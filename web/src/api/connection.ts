/** Whether the server can be reached, as the last request and the browser say. */

import { createStore } from "../store";

export const connection = createStore<"online" | "offline">("online");

window.addEventListener("offline", () => {
  connection.set("offline");
});
