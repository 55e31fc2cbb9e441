import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // Tests share a process, and leave nothing behind: it takes a third of the time.
  test: { isolate: false, include: ["packages/*/src/**/*.test.{ts,tsx}", "apps/*/src/**/*.test.{ts,tsx}"], restoreMocks: true },
});
