import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  test: {
    include: ["*.test.ts"],
    globalSetup: "support/server.ts",
    // One browser at a time: the figures of a machine with two cores are worth nothing otherwise.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // A strange machine can be too slow once; what fails twice is broken. The report names what was tried again.
    retry: process.env.CI ? 1 : 0,
  },
});
