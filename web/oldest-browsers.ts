/** The oldest browsers that the page runs in, and a check that what was built asks for nothing younger. */

import { createRequire } from "node:module";

import type { CompatData, CompatStatement, Identifier, SimpleSupportStatement } from "@mdn/browser-compat-data";
import { parse } from "acorn";
import { full } from "acorn-walk";
import postcss, { type AtRule, type Container, type Document } from "postcss";

/** Read as it is: a bundler would take long over its twenty megabytes. */
const bcd = createRequire(import.meta.url)("@mdn/browser-compat-data") as CompatData;

/** README.md says so, too. */
export const OLDEST = { chrome: 109, firefox: 115, safari: 16.4 } as const;
const OLDEST_BROWSERS = {
  chrome: OLDEST.chrome,
  chrome_android: OLDEST.chrome,
  firefox: OLDEST.firefox,
  firefox_android: OLDEST.firefox,
  safari: OLDEST.safari,
  safari_ios: OLDEST.safari,
} as const;

/** As the build wants to hear it. */
export const TARGETS = Object.entries(OLDEST).map(([browser, version]) => `${browser}${version}`);

/** The edition of the language that all of them read. */
const EDITION = 2022;

/** Names that the check takes for something younger, and what they are. */
const FINE: Readonly<Record<string, string>> = {
  "text-wrap": "breaks lines more evenly where it is known",
  "scrollbar-gutter": "keeps the width steady where it is known",
  "forced-color-adjust": "Safari forces no colours",
  resize: "makes a field larger where it is known",
  "accent-color": "colours a box that is ticked where it is known",
  moveBefore: "Preact looks first whether it is there",
  alpha: "uPlot's own",
  use: "openapi-fetch's own",
  share: "asked for first, and copying a link instead",
  watch: "the page's own",
  difference: "the audit's; sets have one, too, which the compiler knows nothing of",
  translate: "an attribute of HTML; younger browsers alone know its property, and need it",
};

function supports(statement: CompatStatement | undefined): boolean {
  return Object.entries(OLDEST_BROWSERS).every(([browser, oldest]) => {
    const support = statement?.support[browser as keyof typeof OLDEST_BROWSERS];
    const ways = support === undefined ? [] : [support].flat();
    return ways.some((way) => isSince(way, oldest));
  });
}

function isSince({ version_added: since, flags, version_removed }: SimpleSupportStatement, oldest: number): boolean {
  return typeof since === "string" && Number(since.replace("≤", "")) <= oldest && !flags && !version_removed;
}

/** The interfaces of the web whose properties are looked for by their name alone; others have names that everybody uses. */
const TOUCHED =
  /^(Abort\w+|Document|Element|Event|EventTarget|Headers|History|HTML\w+|Location|Navigator|Node|Request|Response|Storage|URL\w*|Window)$/;

interface Names {
  /** Properties of objects, of which no interface that old browsers have knows any of this name. */
  readonly members: ReadonlySet<string>;
  /** Properties of constructors and namespaces, as `Map.groupBy`. */
  readonly statics: ReadonlySet<string>;
  readonly globals: ReadonlySet<string>;
}

/** All names of the language and of the web that are too young. */
function youngNames(): Names {
  const old = new Set<string>();
  const young = new Set<string>();
  const statics = new Set<string>();
  const globals = new Set<string>();
  const builtins = [...entriesOf(bcd.javascript.builtins), ...entriesOf(bcd.javascript.builtins?.Intl)];
  for (const [owner, features] of [...builtins, ...entriesOf(bcd.api)]) {
    (supports(features.__compat) ? old : globals).add(owner);
    for (const [feature, { __compat }] of entriesOf(features)) {
      const name = feature.replace(/_static$/, "");
      if (supports(__compat)) {
        old.add(name);
      } else {
        statics.add(`${owner}.${name}`);
      }
      if (!supports(__compat) && (builtins.some(([builtin]) => builtin === owner) || TOUCHED.test(owner))) {
        young.add(name);
      }
    }
  }
  const members = new Set([...young].filter((name) => !old.has(name) && !(name in FINE)));
  return { members, statics, globals };
}

function entriesOf(identifier: Identifier = {}): [string, Identifier][] {
  return Object.entries(identifier).filter(([name]) => name !== "__compat") as [string, Identifier][];
}

const names = youngNames();

/** What a script asks for that the oldest browsers do not have. @throws {SyntaxError} they cannot even read it. */
export function youngerThanScripts(code: string): readonly string[] {
  const found = new Set<string>();
  const tree = parse(code, { ecmaVersion: EDITION, sourceType: "module" });
  full(tree, (node) => {
    for (const name of namesIn(node)) {
      found.add(name);
    }
  });
  return [...found];
}

interface Syntax {
  readonly type: string;
  readonly computed?: boolean;
  readonly object?: Syntax;
  readonly property?: Syntax;
  readonly callee?: Syntax;
  readonly name?: string;
}

function* namesIn({ type, computed, object, property, callee }: Syntax): Generator<string> {
  if (type === "MemberExpression" && computed === false) {
    const [owner = "", name = ""] = [object?.name, property?.name];
    if (names.members.has(name)) {
      yield `.${name}`;
    }
    if (names.statics.has(`${owner}.${name}`)) {
      yield `${owner}.${name}`;
    }
  }
  if (type === "NewExpression" && callee?.name !== undefined && names.globals.has(callee.name)) {
    yield `new ${callee.name}`;
  }
}

const youngProperties = tooYoung(bcd.css.properties);
const youngSelectors = tooYoung(bcd.css.selectors);
const youngRules = tooYoung(bcd.css["at-rules"]);
const youngColors = tooYoung(bcd.css.types?.color);

function tooYoung(features: Identifier | undefined): ReadonlySet<string> {
  const young = entriesOf(features).filter(([, { __compat }]) => !supports(__compat));
  return new Set(young.map(([name]) => name).filter((name) => !(name in FINE)));
}

/** What a style sheet asks for that the oldest browsers do not have, outside of what asks first whether they do. */
export function youngerThanStyles(code: string): readonly string[] {
  const found = new Set<string>();
  const root = postcss.parse(code);
  root.walk((node) => {
    if (asksFirst(node.parent)) {
      return;
    }
    if (node.type === "decl") {
      const functions = [...node.value.matchAll(/([a-z-]+)\(/g)].map(([, name = ""]) => name);
      [node.prop].filter((name) => youngProperties.has(name)).forEach((name) => found.add(name));
      functions.filter((name) => youngColors.has(name)).forEach((name) => found.add(`${name}()`));
    } else if (node.type === "atrule" && youngRules.has(node.name)) {
      found.add(`@${node.name}`);
    } else if (node.type === "rule") {
      const pseudos = [...node.selector.matchAll(/::?([a-z-]+)/g)].map(([, name = ""]) => name);
      pseudos.filter((name) => youngSelectors.has(name)).forEach((name) => found.add(`:${name}`));
    }
  });
  return [...found];
}

function asksFirst(node: Container | Document | undefined): boolean {
  return node !== undefined && ((node as AtRule).name === "supports" || asksFirst(node.parent));
}
