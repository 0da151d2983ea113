import hooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["**/dist/", "**/node_modules/", "**/schema.d.ts", "tests/browser/artefacts/"]),
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      // Numbers and booleans read well in templates; anything else there is still an error.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // A promise handed to an event handler is awaited by nobody, and says itself what went wrong.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "no-console": ["error", { allow: ["info"] }],
      eqeqeq: "error",
    },
  },
  {
    files: ["web/src/**"],
    plugins: { "react-hooks": hooks },
    rules: { "react-hooks/rules-of-hooks": "error", "react-hooks/exhaustive-deps": "error" },
  },
  {
    // What is not there on plain http, or blocked, or set by anybody, is met in one place each.
    files: ["web/src/**"],
    ignores: ["web/src/platform/**", "web/src/**/*.test.ts", "web/src/api/fake-browser.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        { name: "localStorage", message: "It may be blocked: platform/storage." },
        { name: "sessionStorage", message: "It may be blocked: platform/storage." },
        { name: "fetch", message: "Its failures have to be named: api/transport." },
      ],
      "no-restricted-properties": [
        "error",
        { object: "crypto", property: "randomUUID", message: "It is not there on plain http: platform/random." },
        { object: "navigator", property: "clipboard", message: "It is not there on plain http: platform/clipboard." },
        { object: "Date", property: "now", message: "Clocks are set: platform/clock." },
      ],
    },
  },
  { files: ["web/src/api/transport.ts", "web/src/first.js"], rules: { "no-restricted-globals": "off" } },
);
