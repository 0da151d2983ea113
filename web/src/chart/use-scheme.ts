/** Whether the reader likes it dark; for what is painted and not styled. */

import { useEffect, useState } from "preact/hooks";

const query = matchMedia("(prefers-color-scheme: dark)");

export function useScheme(): "dark" | "light" {
  const [isDark, setIsDark] = useState(query.matches);
  useEffect(() => {
    const update = () => {
      setIsDark(query.matches);
    };
    query.addEventListener("change", update);
    return () => {
      query.removeEventListener("change", update);
    };
  }, []);
  return isDark ? "dark" : "light";
}
