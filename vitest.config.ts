import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    reporters:
      process.env["CI"] === undefined ? ["default"] : ["default", "./test/helpers/tally.reporter.ts"],
    // Most tests wait for the processes they start; left alone, two cores would get one worker.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: [
      "./test/helpers/ledger.setup.ts",
      "./test/helpers/python.setup.ts",
      "./test/helpers/keyring.setup.ts",
      "./test/helpers/interpreters.setup.ts",
    ],
    projects: [
      {
        extends: true,
        test: {
          name: "suite",
          include: ["test/**/*.test.ts"],
          exclude: ["test/leaks/**"],
          sequence: { groupOrder: 0 },
        },
      },
      // Reads what all the others made the tool print and write, so it runs when they are through.
      {
        extends: true,
        test: { name: "leaks", include: ["test/leaks/*.test.ts"], sequence: { groupOrder: 1 } },
      },
    ],
  },
});
