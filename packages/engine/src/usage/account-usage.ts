import { countsOf, mergeUsageRows, type UsageLedger, type UsagePage, usageOfJob } from "@sluice/core"

export interface AccountUsageOptions {
  readonly ledger: UsageLedger
  /** Jobs of one page. */
  readonly pageSize?: number
}

export interface AccountingRequest {
  /** Asked before each page; rejects to stop. */
  readonly mayGoOn?: () => Promise<void>
}

/** Accounts what there is to account, and resolves with how many jobs that were. */
export type AccountUsage = (request?: AccountingRequest) => Promise<{ readonly jobs: number }>

/** The larger a page, the less each job costs. Its rows must fit into one document. */
const defaultPageSize = 1_000

/**
 * Derives the usage from the jobs, page by page. A page is first written down whole: its jobs, how many of their calls and ends it
 * takes, and what the rows are afterwards. Only then are the rows set and the jobs marked, which whoever comes after a crash
 * repeats with the same result. Pages have consecutive numbers, and one is opened only if the one that was read before the jobs
 * is still the last; so no page can have taken what another has, whoever else accounts at the same time.
 */
export function createAccountUsage({ ledger, pageSize = defaultPageSize }: AccountUsageOptions): AccountUsage {
  return async ({ mayGoOn } = {}) => {
    let jobs = 0
    for (;;) {
      await mayGoOn?.()
      const last = await ledger.page()
      if (!last.isClosed) await complete(ledger, last)
      const next = await nextPage(ledger, last, pageSize)
      if (!next) return { jobs }
      // Somebody else has opened it: that one is completed first.
      if (!(await ledger.openPage(next))) continue
      await complete(ledger, next)
      jobs += next.jobs.length
      if (next.jobs.length < pageSize) return { jobs }
    }
  }
}

type Contents = Omit<UsagePage, "isClosed">

async function nextPage(ledger: UsageLedger, last: UsagePage, limit: number): Promise<Contents | null> {
  const found = await ledger.findUnaccounted({ limit })
  if (found.length === 0) return null
  const changes = mergeUsageRows(found.flatMap(usageOfJob))
  const before = await ledger.findRows([...changes.keys()])
  const rows = [...mergeUsageRows([...before, ...changes.values()]).values()]
  return { number: last.number + 1, jobs: found.map((job) => ({ id: job.id, ...countsOf(job) })), rows }
}

async function complete(ledger: UsageLedger, { number, jobs, rows }: Contents): Promise<void> {
  await ledger.writeRows({ number, rows })
  await ledger.markAccounted({ number, jobs })
  await ledger.closePage({ number })
}
