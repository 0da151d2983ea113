import { expect, test } from "vitest";

import { parseAmount, typedAmount } from "./amount-input";

test.each([
  ["en-US", "12.5", "12.5"],
  ["en-US", "1,234.5", "1234.5"],
  ["en-US", " 007 ", "7"],
  ["en-US", ".5", "0.5"],
  ["en-US", "5.", "5"],
  ["de-DE", "12,5", "12.5"],
  ["de-DE", "12.5", "12.5"],
  ["de-DE", "1.234,5", "1234.5"],
  ["de-DE", "1.000", "1000"],
  ["de-DE", "0.500", "0.500"],
  ["de-DE", "00.500", "0.500"],
  ["fr-FR", "1 234,5", "1234.5"],
  ["fr-FR", "1\u202f234,5", "1234.5"],
  ["de-CH", "1’234.5", "1234.5"],
  ["ar-EG", "١٢٫٥", "12.5"],
  ["en-US", "12,5", "12.5"],
  ["en-US", "0,500", "0.500"],
  ["en-US", "012,500", "12.500"],
  ["en-US", "1,234", "1234"],
  ["en-US", "1,234,567", "1234567"],
  ["en-US", "1.234,5", "1234.5"],
  ["en-US", ",5", "0.5"],
  ["en-US", "١٢٫٥", "12.5"],
  ["en-US", "۱۲٫۵", "12.5"],
  ["en-US", "１２．５".normalize("NFKC"), "12.5"],
  ["en-US", "١٬٢٣٤", "1234"],
  ["de-DE", "1,234.5", "1234.5"],
  ["fr-FR", "12.5", "12.5"],
])("%s: %j is %s", (locale, text, amount) => {
  expect(parseAmount(text, locale)).toBe(amount);
});

test.each([
  "",
  " ",
  "abc",
  "-1",
  "+1",
  "1e3",
  "1.2.3",
  "1,2,3",
  "1,2.3,4",
  "1,23.5",
  "1.2,3.4",
  "1.1234567",
  "1234567890123",
  "0x10",
  "½",
  "1\u0000",
])("%j is no amount", (text) => {
  expect(parseAmount(text, "en-US")).toBeUndefined();
});

test.each(["100.000000", "12.500000", "0.000001", "100", "0.100000"])("%s can be typed and read again", (amount) => {
  for (const locale of ["en-US", "de-DE"]) {
    expect(Number(parseAmount(typedAmount(amount, locale), locale))).toBe(Number(amount));
  }
});
