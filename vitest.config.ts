import { defineConfig } from "vitest/config"

/**
 * Integration and end-to-end tests talk to the real Redis and MongoDB that the set-up finds or starts. What fails there for
 * the machine's sake gets a second try; which tests needed it is said at the end of the run.
 */
const onRealServices = { globalSetup: ["./scripts/test/services.ts"], testTimeout: 60_000, hookTimeout: 60_000, retry: 1 }

export default defineConfig({
  test: {
    reporters: ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          isolate: false,
          // Properties are tried many times over: on a busy machine that takes more than the usual five seconds.
          testTimeout: 30_000,
          include: ["{packages,apps}/*/src/**/*.test.ts", "scripts/{chaos,infra,lib,start,test}/**/*.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          ...onRealServices,
          name: "integration",
          include: ["{packages,apps}/*/test/**/*.test.ts"],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...onRealServices,
          name: "e2e",
          include: ["scripts/e2e/**/*.test.ts"],
          exclude: ["scripts/e2e/under-load/**"],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          ...onRealServices,
          // What sends requests at a rate has the machine for itself.
          name: "under load",
          include: ["scripts/e2e/under-load/**/*.test.ts"],
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
