import { defineConfig } from "vitest/config";

const TESTS = "src/**/*.test.{ts,tsx}";
const jsx = (importSource: string) => ({ jsx: { runtime: "automatic" as const, importSource } });

export default defineConfig({
  test: {
    // Tests share a process, and leave nothing behind: it takes a third of the time.
    isolate: false,
    restoreMocks: true,
    // The workspace is drawn by React, everything else by Preact.
    projects: [
      { extends: true, oxc: jsx("preact"), test: { name: "pages", include: [`packages/*/${TESTS}`, `apps/!(workspace)/${TESTS}`] } },
      { extends: true, oxc: jsx("react"), test: { name: "workspace", include: [`apps/workspace/${TESTS}`] } },
    ],
  },
});
