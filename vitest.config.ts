import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    reporters: ["default"],
    projects: [
      { extends: true, test: { name: "unit", isolate: false, include: ["{packages,apps,scripts}/**/src/**/*.test.ts", "scripts/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["{packages,apps}/*/test/**/*.test.ts"],
          globalSetup: ["./scripts/test/services.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
