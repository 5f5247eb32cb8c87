import type { LogLevelOrder, ProcessControl, ProcessReport, ProfileOrder, ProfileOutcome } from "@sluice/core"

export interface ProcessAttendantDependencies {
  readonly control: ProcessControl
  /** What the process says of itself now. */
  readonly describe: () => ProcessReport
  readonly heedLogLevel: (order: LogLevelOrder | null) => void
  readonly makeProfile: (order: ProfileOrder) => Promise<ProfileOutcome>
  /** A profile could not be reported: whoever asked for it hears nothing. */
  readonly onError: (error: unknown) => void
}

/** Has a process report once, and do what it is told. What it was told before stays until it runs out, when nobody can be asked. */
export function createProcessAttendant(dependencies: ProcessAttendantDependencies): () => Promise<void> {
  const { control, describe, heedLogLevel, makeProfile, onError } = dependencies
  let lastOrder: LogLevelOrder | null = null

  async function profile(order: ProfileOrder): Promise<void> {
    await control.answerProfile(order.id, await makeProfile(order))
  }

  return async () => {
    try {
      const orders = await control.report(describe())
      lastOrder = orders.logLevel
      // Takes up to a minute; the process goes on reporting meanwhile.
      if (orders.profile) void profile(orders.profile).catch(onError)
    } finally {
      heedLogLevel(lastOrder)
    }
  }
}
