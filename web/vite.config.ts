import { gzipSync } from "node:zlib";

import { defineConfig, type Plugin } from "vite";

const SCRIPT_LIMIT_KB = 80;

/** Weighs all scripts of a build as they travel, prints it, and fails the build beyond the limit. */
function scriptBudget(): Plugin {
  return {
    name: "script-budget",
    apply: "build",
    writeBundle(_, bundle) {
      const scripts = Object.values(bundle).filter((file) => file.type === "chunk");
      const bytes = scripts.reduce((sum, script) => sum + gzipSync(script.code).length, 0);
      const kilobytes = bytes / 1024;
      const said = `All scripts: ${kilobytes.toFixed(1)} KB gzipped of at most ${String(SCRIPT_LIMIT_KB)} KB.`;
      if (kilobytes > SCRIPT_LIMIT_KB) {
        this.error(said);
      }
      console.info(said);
    },
  };
}

export default defineConfig({
  plugins: [scriptBudget()],
  build: {
    target: "baseline-widely-available",
    // The policy of the page's answers allows no data: address but for images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What most pages share is one file: many small ones would travel worse.
          groups: [
            {
              name: "shared",
              test: /node_modules\/(preact|openapi-fetch)\/|src\/(?!pages\/|main|chart\/price-chart|session\/oidc)/,
            },
          ],
        },
      },
    },
  },
});
