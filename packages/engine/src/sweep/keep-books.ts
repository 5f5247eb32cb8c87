import type { StepContext } from "./sweep-dependencies.ts"

const hourMs = 3_600_000
/** What serves to draw the last day, and the last week, is kept a little longer than that. */
const bucketRetentionMs = { minute: 26 * hourMs, hour: 8 * 24 * hourMs } as const

/** Accounts what jobs have used since the last look. */
export async function keepBooks({ accountUsage, stillLeading }: StepContext): Promise<void> {
  await accountUsage({ mayGoOn: stillLeading })
}

/** Removes rows that are too old to be drawn. The days stay. */
export async function retireBuckets({ usageReports, clock }: StepContext): Promise<void> {
  for (const grain of ["minute", "hour"] as const) {
    await usageReports.removeBuckets({ grain, before: new Date(clock().getTime() - bucketRetentionMs[grain]) })
  }
}
