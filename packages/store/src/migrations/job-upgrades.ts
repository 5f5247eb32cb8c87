import type { Upgrades } from "./upgrade.ts"

/**
 * One entry for each old version of a job, in a file of its own: `[1, jobFrom1To2]`. A step must not rename or move what
 * the conditional writes look at (`run`, `status`, `claim`, `notBefore`, `deadline`, `enqueueDueAt`, `attempts`,
 * `attemptCount`, `events`, `startedAt`), since those writes meet documents that nobody has read before.
 */
export const jobUpgrades: Upgrades = new Map()
