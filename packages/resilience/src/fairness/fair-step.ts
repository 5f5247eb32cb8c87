/** Virtual time is counted in thousandths of a stamp, so that weights as far apart as 1 and 1,000 keep their proportion. */
export const virtualTimePerStamp = 1_000

/** How many stamps a job of weight 1 takes: its share is the inverse. */
const stampsPerJob = { interactive: 1, standard: 4, bulk: 16 } as const

const minWeight = 0.01
const maxWeight = 1_000

/**
 * How far one job moves its flow ahead, in whole units of virtual time (thousandths of a stamp). Where all flows have jobs
 * waiting, each is served in inverse proportion to its step: interactive to standard to bulk as 16 : 4 : 1, and tenants of one
 * class as their weights. Weights count between 0.01 and 1,000.
 */
export function fairStep(job: { readonly priority: keyof typeof stampsPerJob; readonly weight?: number | undefined }): number {
  const { priority, weight = 1 } = job
  const counted = Math.min(Math.max(weight, minWeight), maxWeight)
  return Math.max(1, Math.round((stampsPerJob[priority] * virtualTimePerStamp) / counted))
}
