import type { Upgrades } from "./upgrade.ts"

/**
 * One entry for each old version of a job, in a file of its own: `[1, jobFrom1To2]`. A step must not rename or move what
 * the conditional writes and the reconciler's walks look at (`run`, `status`, `route`, `tenantId`, `claim`, `notBefore`,
 * `waiting`, `deadline`, `enqueueDueAt`, `attempts`, `attemptCount`, `events`, `rescues`, `startedAt`, `createdAt`,
 * `options.priority`, `options.retainMs`), since those meet documents that nobody has upgraded; and it must take a `result`
 * or `error` of its own version as it is, since a job may end before its document is upgraded.
 */
export const jobUpgrades: Upgrades = new Map()
