import type { ReplayResource } from "@sluice/core"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import { useApi } from "../../app/api.tsx"
import { useSession } from "../../app/session.ts"
import { formatCount } from "../../format/numbers.ts"
import { Button } from "../../kit/button.tsx"
import { Chip, type Tone } from "../../kit/chip.tsx"
import type { IconName } from "../../kit/icon.tsx"
import { Panel } from "../../kit/page.tsx"
import { QueryView, type QueryViewProps } from "../../kit/query-view.tsx"
import { Time } from "../../kit/time.tsx"
import { useToast } from "../../kit/toast.tsx"
import { type ReplayShares, sharesOf } from "./replay-shares.ts"

/** The progress of those that are under way; what they come to is among the dead letters. */
export function RunningReplays({ replays }: { readonly replays: readonly ReplayResource[] }) {
  const { tenantId } = useApi()
  const queries = useQueryClient()
  // When one has ended, and its row with it, the rest of the page is asked for once more.
  useEffect(() => () => void queries.invalidateQueries({ queryKey: [tenantId, "dead-letters"] }), [queries, tenantId])
  return (
    <Panel title="Replays under way">
      <Replays replays={replays} />
    </Panel>
  )
}

/** The last ones that have ended. */
export function PastReplays({ query }: Pick<QueryViewProps<readonly ReplayResource[]>, "query">) {
  return (
    <Panel title="Replays">
      <QueryView query={query}>
        {(data) =>
          data.length === 0 ? <p className="soft">None has ended yet. Choose a cause, then Replay.</p> : <Replays replays={data} />
        }
      </QueryView>
    </Panel>
  )
}

function Replays({ replays }: { readonly replays: readonly ReplayResource[] }) {
  return (
    <ol className="replays">
      {replays.map((replay) => (
        <Replay key={replay.id} replay={replay} />
      ))}
    </ol>
  )
}

const looks: Readonly<Record<ReplayResource["status"], { readonly tone: Tone; readonly icon: IconName }>> = {
  running: { tone: "accent", icon: "half" },
  completed: { tone: "good", icon: "check" },
  cancelled: { tone: "quiet", icon: "slash" },
  dry_run: { tone: "quiet", icon: "ring" },
}

function Replay({ replay }: { readonly replay: ReplayResource }) {
  const { id, status, matched, succeeded, failed, cancelled, skipped, perSecond, by, createdAt } = replay
  const shares = sharesOf(replay)
  return (
    <li>
      <div className="row row-apart">
        <span className="row">
          <Chip {...looks[status]}>{status}</Chip>
          <span>{causeOf(replay)}</span>
        </span>
        <span className="row small soft">
          {by} · <Time at={createdAt} as="ago" /> · {perSecond} a second
          {status === "running" && id !== null && <CancelButton id={id} />}
        </span>
      </div>
      <Progress shares={shares} />
      <p className="small soft">
        {formatCount(succeeded)} succeeded · {formatCount(failed)} failed again
        {cancelled > 0 && ` · ${formatCount(cancelled)} cancelled`}
        {skipped > 0 && ` · ${formatCount(skipped)} skipped`}
        {shares.atWork > 0 && ` · ${formatCount(shares.atWork)} at work`} · of {formatCount(matched)}
      </p>
    </li>
  )
}

function Progress({ shares: { succeeded, failed, started } }: { readonly shares: ReplayShares }) {
  const percent = Math.round(started * 100)
  return (
    <svg className="replay-bar" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label={`${percent} % have begun`}>
      <rect className="replay-rest" width="100" height="4" />
      <rect className="replay-started" width={started * 100} height="4" />
      <rect className="replay-succeeded" width={succeeded * 100} height="4" />
      <rect className="replay-failed" x={succeeded * 100} width={failed * 100} height="4" />
    </svg>
  )
}

function causeOf({ filter, ids }: ReplayResource): string {
  if (ids) return `${formatCount(ids.length)} chosen ones`
  const { errorType, route, endpoint } = filter ?? {}
  return [errorType ?? "all causes", route, endpoint].filter((part) => typeof part === "string").join(" · ")
}

function CancelButton({ id }: { readonly id: string }) {
  const { client, tenantId } = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  const mayCancel = useSession().can("dead-letters:write")
  const cancel = useMutation({
    mutationFn: () => client.replays.cancel(id),
    onSuccess: () => queries.invalidateQueries({ queryKey: [tenantId, "replays"] }),
    onError: (error) => toast({ tone: "bad", text: error.message }),
  })
  if (!mayCancel) return null
  return (
    <Button isBusy={cancel.isPending} onClick={() => cancel.mutate()}>
      Stop
    </Button>
  )
}
