import { expect, test } from "vitest";

import { isName } from "./name";

test.each(["Łukasz", "李雷", "محمد", "สมชาย", "🦉", "O'Brien", "5", "क्षत्रिय", "🦉".repeat(40)])(
  "%j is a name",
  (name) => {
    expect(isName(name)).toBe(true);
  },
);

test.each(["", " ", "\u200b", "\u202e\u200f", "\u3164", "\u2800", "\u0301", "a\tb", "x".repeat(41)])(
  "%j is a name that nobody sees, or none",
  (name) => {
    expect(isName(name)).toBe(false);
  },
);
