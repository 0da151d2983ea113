/** Addresses made from names. */

const LONGEST = 64;

/** What the API takes for an address, and for a tag. */
export const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
export const TAG = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** Letters that are no others with a mark, as people type them without them. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  ł: "l",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  æ: "ae",
  œ: "oe",
  ı: "i",
  ħ: "h",
};

/** A slug for a name: its letters and digits without accents, with hyphens between the words; empty if it has none. */
export function suggestSlug(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{Mark}/gu, "");
  const latin = plain.toLowerCase().replace(/[ßłøđðþæœıħ]/g, (letter) => LETTERS[letter] ?? "");
  const words = latin.match(/[a-z0-9]+/g) ?? [];
  let slug = "";
  for (const word of words) {
    const longer = slug === "" ? word : `${slug}-${word}`;
    if (longer.length > LONGEST) {
      break;
    }
    slug = longer;
  }
  return slug === "" ? (words[0] ?? "").slice(0, LONGEST) : slug;
}
