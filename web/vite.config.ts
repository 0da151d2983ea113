import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

import { defineConfig, type Plugin, type Rolldown } from "vite";

import { TARGETS, youngerThanScripts, youngerThanStyles } from "./oldest-browsers.ts";

/** Fails the build where it asks for what the oldest browsers do not have. */
function oldestBrowsers(): Plugin {
  return {
    name: "oldest-browsers",
    apply: "build",
    writeBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        const young = file.type === "chunk" ? youngerThanScripts(file.code) : youngerThanAsset(file);
        if (young.length > 0) {
          this.error(`${file.fileName} asks for what ${TARGETS.join(", ")} do not have: ${young.join(", ")}`);
        }
      }
    },
  };
}

function youngerThanAsset({ fileName, source }: { fileName: string; source: string | Uint8Array }): readonly string[] {
  return fileName.endsWith(".css") ? youngerThanStyles(String(source)) : [];
}
type OutputChunk = Rolldown.OutputChunk;
type OutputAsset = Rolldown.OutputAsset;

const FIRST_ROUTE = "src/pages/markets/markets-page.tsx";
const LIMITS_KB = { "The first route": 80, "All scripts": 130 };

type Bundle = Readonly<Record<string, OutputChunk | OutputAsset>>;

/** Weighs the scripts of a build as they travel, prints that, and fails the build beyond a limit. */
function scriptBudget(): Plugin {
  return {
    name: "script-budget",
    apply: "build",
    writeBundle(_, bundle) {
      const scripts = Object.values(bundle).filter((file) => file.type === "chunk");
      const weighed: readonly [keyof typeof LIMITS_KB, readonly OutputChunk[]][] = [
        ["The first route", firstRoute(bundle)],
        ["All scripts", scripts],
      ];
      for (const [what, chunks] of weighed) {
        const limit = LIMITS_KB[what];
        const kilobytes = chunks.reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0) / 1024;
        const said = `${what}: ${kilobytes.toFixed(1)} KB gzipped of at most ${String(limit)} KB.`;
        if (kilobytes > limit) {
          this.error(said);
        }
        console.info(said);
      }
    },
  };
}

/** Puts the first script into the page as it is written, before all styles: a script waits for those before it. */
function inlineFirstScript(): Plugin {
  const script = readFileSync(new URL("src/first.js", import.meta.url), "utf-8");
  if (youngerThanScripts(script).length > 0) {
    throw new Error(`src/first.js asks for what ${TARGETS.join(", ")} do not have`);
  }
  return {
    name: "inline-first-script",
    transformIndexHtml: {
      order: "post",
      handler: (page) => page.replace("<!-- src/first.js -->", () => `<script>${script}</script>`),
    },
  };
}

/** Has Chromium compile what every start runs while it loads, and not function by function as they are called. */
function compiledAtOnce(): Plugin {
  return {
    name: "compiled-at-once",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === "chunk" && file.name === "shared") {
            file.code = `//# allFunctionsCalledOnLoad\n${file.code}`;
          }
        }
      },
    },
  };
}

/** Puts the typeface behind the scripts: it is shown when it is there, and they are waited for. */
function scriptsFirst(): Plugin {
  const typeface = /\s*<link\s+rel="preload"[^>]+as="font"[^>]+>/;
  return {
    name: "scripts-first",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(page) {
        const [link] = typeface.exec(page) ?? [];
        if (link === undefined) {
          throw new Error("index.html preloads no typeface");
        }
        return page.replace(link, "").replace("</head>", `${link.trimEnd()}\n  </head>`);
      },
    },
  };
}

/** What a browser loads to show the list of markets: the start, that page, and all that the two import. */
function firstRoute(bundle: Bundle): readonly OutputChunk[] {
  const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
  const wanted = new Set(
    chunks.filter((chunk) => chunk.isEntry || chunk.moduleIds.some((module) => module.endsWith(FIRST_ROUTE))),
  );
  for (const chunk of wanted) {
    for (const name of chunk.imports) {
      const imported = bundle[name];
      if (imported?.type === "chunk") {
        wanted.add(imported);
      }
    }
  }
  return [...wanted];
}

export default defineConfig({
  // Scripts and styles find each other from where they are; only index.html has whole paths, which the server rewrites.
  experimental: { renderBuiltUrl: (_, { hostType }) => (hostType === "html" ? undefined : { relative: true }) },
  plugins: [oldestBrowsers(), scriptBudget(), inlineFirstScript(), scriptsFirst(), compiledAtOnce()],
  build: {
    target: TARGETS,
    // The policy of the page's answers allows no data: address but for images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What most pages share is one file, with the first route in it: many small ones would travel worse.
          groups: [
            {
              name: "shared",
              test: /node_modules\/(preact|openapi-fetch)\/|src\/(?!pages\/(?!markets\/)|main|chart\/price-chart|session\/oidc|components\/qr-code|api\/hints)/,
            },
          ],
        },
      },
    },
  },
});
