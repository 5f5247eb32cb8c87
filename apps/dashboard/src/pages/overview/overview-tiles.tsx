import type { StatsResource } from "@sluice/core"
import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useApi } from "../../app/api.tsx"
import { useSession } from "../../app/session.ts"
import { formatDuration } from "../../format/duration.ts"
import { formatCompact, formatShare, formatUsd } from "../../format/numbers.ts"
import { Sparkline } from "../../kit/sparkline.tsx"
import { Tile, Tiles } from "../../kit/tile.tsx"
import { budgetQuery, costTodayQuery, openDeadLettersQuery, queuesQuery } from "./overview-queries.ts"
import { type OverviewSearch, windowLabels } from "./overview-search.ts"

interface OverviewTilesProps {
  readonly stats: StatsResource
  readonly search: OverviewSearch
}

/** The figures that say at a glance whether all is well. */
export function OverviewTiles({ stats, search }: OverviewTilesProps) {
  const { total, data, window } = stats
  const { p50, p95, p99 } = total.latencyMs
  const answered = Object.values(total.tiers).reduce((sum, count) => sum + count, 0)
  return (
    <Tiles>
      <Tile
        label="Jobs per second"
        value={total.jobsPerSecond.toFixed(2)}
        detail={`${formatCompact(endedOf(total))} in the last ${windowLabels[window]}`}
      >
        <Sparkline label="Jobs per second over the window" values={data.map(({ jobsPerSecond }) => jobsPerSecond)} />
      </Tile>
      <Tile
        label="Succeeded"
        value={total.successShare === null ? "–" : formatShare(total.successShare)}
        detail={`${formatCompact(total.failed + total.expired)} failed or expired`}
        tone={toneOfShare(total.successShare)}
      />
      <Tile
        label="Time to the answer"
        value={p50 === null ? "–" : formatDuration(p50)}
        detail={p95 === null || p99 === null ? "median" : `median · p95 ${formatDuration(p95)} · p99 ${formatDuration(p99)}`}
      />
      <Tile
        label="Degraded"
        value={answered === 0 ? "–" : formatShare(total.degraded / answered)}
        detail={`${formatCompact(total.cached)} from a cache`}
        tone={total.degraded > 0 ? "warn" : "plain"}
      />
      <BudgetTile search={search} />
      <OldestTile search={search} />
      <DeadLettersTile search={search} />
      <CostTile search={search} />
    </Tiles>
  )
}

function endedOf({ succeeded, failed, cancelled, expired }: StatsResource["total"]): number {
  return succeeded + failed + cancelled + expired
}

const wellShare = 0.999
const illShare = 0.99

function toneOfShare(share: number | null): "plain" | "good" | "warn" | "bad" {
  if (share === null) return "plain"
  if (share >= wellShare) return "good"
  return share >= illShare ? "warn" : "bad"
}

interface SearchProps {
  readonly search: OverviewSearch
}

/** Of the objective that has the least left. */
function BudgetTile({ search }: SearchProps) {
  const { data } = useQuery(budgetQuery({ api: useApi(), session: useSession(), search }))
  const told = (data?.objectives ?? []).flatMap(({ name, budgetLeft }) => (budgetLeft === null ? [] : [{ name, budgetLeft }]))
  const least = told.toSorted((a, b) => a.budgetLeft - b.budgetLeft)[0]
  if (least === undefined) return <Tile label="Error budget left" value="–" detail="no jobs in the last day" />
  return (
    <Tile
      label="Error budget left"
      value={formatShare(Math.max(0, least.budgetLeft))}
      detail={`${least.name.replace("_", " ")}, last day`}
      tone={least.budgetLeft <= 0 ? "bad" : least.budgetLeft < 0.25 ? "warn" : "plain"}
    />
  )
}

function OldestTile({ search: { route } }: SearchProps) {
  const session = useSession()
  const { data } = useQuery(queuesQuery({ api: useApi(), session }))
  if (!session.can("operate:read")) return null
  const waiting = (data ?? []).filter(({ name, oldestWaitingMs }) => oldestWaitingMs !== null && (route === undefined || name === route))
  const oldest = waiting.toSorted((a, b) => (b.oldestWaitingMs ?? 0) - (a.oldestWaitingMs ?? 0))[0]
  if (!oldest) return <Tile label="Oldest waiting job" value="none" detail="nothing is in line" />
  return <Tile label="Oldest waiting job" value={formatDuration(oldest.oldestWaitingMs ?? 0)} detail={oldest.name} />
}

function DeadLettersTile({ search }: SearchProps) {
  const session = useSession()
  const { data } = useQuery(openDeadLettersQuery({ api: useApi(), session, search }))
  if (!session.can("dead-letters:read")) return null
  return (
    <Tile
      label="Open dead letters"
      value={data === undefined ? "–" : formatCompact(data)}
      detail={<Link to="/dead-letters">Look at them</Link>}
      tone={data ? "bad" : "plain"}
    />
  )
}

function CostTile({ search }: SearchProps) {
  const { data } = useQuery(costTodayQuery({ api: useApi(), session: useSession(), search }))
  return <Tile label="Cost today" value={data === undefined ? "–" : formatUsd(data)} detail="since midnight UTC" />
}
