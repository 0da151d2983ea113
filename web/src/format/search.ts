/** Words as people search for them: whatever the case, the accents and the typography, as the server compares them. */

const PLAIN: Readonly<Record<string, string>> = {
  ł: "l",
  đ: "d",
  ð: "d",
  ø: "o",
  ħ: "h",
  ŧ: "t",
  ı: "i",
  æ: "ae",
  œ: "oe",
  þ: "th",
  ς: "σ",
  "‘": "'",
  "’": "'",
  ʼ: "'",
  "“": '"',
  "”": '"',
  "‐": "-",
  "–": "-",
  "—": "-",
  "−": "-",
};

/** The text as it is compared: without case, accents and what nobody sees, in whatever language the reader's browser is. */
export function folded(text: string): string {
  // By way of capitals ß becomes ss.
  const plain = text
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\p{Mn}\p{Cf}]/gu, "");
  return plain.replace(/[łđðøħŧıæœþς‘’ʼ“”‐–—−]/g, (letter) => PLAIN[letter] ?? letter);
}

/** Whether every word that somebody searches for is somewhere in a text. */
export function mentions(text: string, search: string): boolean {
  const searched = folded(text);
  return folded(search)
    .split(/\s+/)
    .every((word) => searched.includes(word));
}
