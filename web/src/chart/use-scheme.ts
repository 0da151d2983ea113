/** Whether the reader likes it dark; for what is painted and not styled. */

import { useMedia } from "../use-media";

export function useScheme(): "dark" | "light" {
  return useMedia("(prefers-color-scheme: dark)") ? "dark" : "light";
}
