import type { UsageFilter, UsageGroup, UsageGrouping, UsageLedger, UsagePage, UsageReports } from "../ports/usage-ledger.ts"
import { addFigures, type Figures } from "../usage/figures.ts"
import { accountableOf, isUnaccounted } from "../usage/usage-of-job.ts"
import { allTenants, type UsageRow, usageRowId } from "../usage/usage-row.ts"
import type { MemoryJobStore } from "./memory-job-store.ts"

export interface MemoryUsage {
  readonly ledger: UsageLedger
  readonly reports: UsageReports
}

/** Usage of the jobs of a memory store. */
export function createMemoryUsage({ jobs, accounted }: Pick<MemoryJobStore, "jobs" | "accounted">): MemoryUsage {
  const rows = new Map<string, UsageRow & { readonly page: number }>()
  let current: UsagePage = { number: 0, isClosed: true, jobs: [], rows: [] }
  const unaccounted = () => [...jobs.values()].map((job) => accountableOf(job, accounted.get(job.id))).filter(isUnaccounted)

  const ledger: UsageLedger = {
    page: () => Promise.resolve(current),
    findUnaccounted: ({ limit }) => Promise.resolve(unaccounted().slice(0, limit)),
    findRows: (ids) => Promise.resolve(ids.flatMap((id) => withoutPage(rows.get(id)))),
    openPage(page) {
      const isNext = current.isClosed && page.number === current.number + 1
      if (isNext) current = { ...page, isClosed: false }
      return Promise.resolve(isNext)
    },
    writeRows(page) {
      for (const row of page.rows) {
        const id = usageRowId(row)
        if ((rows.get(id)?.page ?? 0) < page.number) rows.set(id, { ...row, page: page.number })
      }
      return Promise.resolve()
    },
    markAccounted(page) {
      for (const { id, ...counts } of page.jobs) {
        if (jobs.has(id) && (accounted.get(id)?.page ?? 0) < page.number) accounted.set(id, { ...counts, page: page.number })
      }
      return Promise.resolve()
    },
    closePage({ number }) {
      if (current.number === number) current = { number, isClosed: true, jobs: [], rows: [] }
      return Promise.resolve()
    },
  }
  const reports: UsageReports = {
    sum({ filter, by, limit }) {
      const sums = new Map<string, { group: UsageGroup; figures: Figures }>()
      for (const row of rows.values()) {
        if (row.grain !== "day" || !matches(row, filter)) continue
        const group = groupOf(row, by)
        const key = JSON.stringify(group)
        sums.set(key, { group, figures: addFigures(sums.get(key)?.figures ?? {}, row.figures) })
      }
      const sorted = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum)
      return Promise.resolve(sorted.slice(0, limit))
    },
    buckets({ grain, tenantId, route, from }) {
      const isAsked = (row: UsageRow) =>
        row.grain === grain && row.tenantId === tenantId && row.at >= from && (route === null || row.route === route)
      return Promise.resolve([...rows.values()].filter(isAsked).flatMap(withoutPage))
    },
    unaccountedSince() {
      const since = unaccounted().map(({ events, createdAt }) => events.at(-1)?.at ?? createdAt)
      return Promise.resolve(since.sort((a, b) => a.getTime() - b.getTime())[0] ?? null)
    },
    removeBuckets({ grain, of, before }) {
      const isMeant = (row: UsageRow) => row.grain === grain && row.at < before && (row.tenantId === allTenants) === (of === "all")
      for (const [id, row] of rows) if (isMeant(row)) rows.delete(id)
      return Promise.resolve()
    },
  }
  return { ledger, reports }
}

function withoutPage(row: (UsageRow & { readonly page: number }) | undefined): UsageRow[] {
  if (!row) return []
  const { page: _page, ...rest } = row
  return [rest]
}

function matches(row: UsageRow, { from, to, ...equal }: UsageFilter): boolean {
  const { tenantId = row.tenantId, route = row.route, endpoint = row.endpoint, model = row.model, credential = row.credential } = equal
  const isOfSame = row.tenantId === tenantId && row.route === route && row.endpoint === endpoint
  return isOfSame && row.model === model && row.credential === credential && row.at >= from && row.at <= to
}

function groupOf(row: UsageRow, by: readonly UsageGrouping[]): UsageGroup {
  return Object.fromEntries(
    by.map((key) => {
      if (key === "day") return [key, row.at.toISOString().slice(0, 10)]
      return [key, key === "tenant" ? row.tenantId : row[key]]
    }),
  )
}
