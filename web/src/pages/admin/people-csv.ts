/** A list of people as a file for spreadsheets. */

import type { Member } from "../../api/reads";

const COLUMNS = ["account", "name", "balance", "created_at", "suspended"] as const;

/** One line for each, after the names of the columns; names that a spreadsheet would take for a formula are made text. */
export function csvOf(people: readonly Member[]): string {
  const lines = people.map((member) => COLUMNS.map((column) => cell(String(member[column]))).join(","));
  return [COLUMNS.join(","), ...lines, ""].join("\r\n");
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+\.\d+$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Hands a text to the browser to be saved. */
export function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
