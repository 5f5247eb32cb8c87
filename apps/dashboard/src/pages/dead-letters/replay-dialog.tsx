import type { ReplayOverrides } from "@sluice/core"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useMemo, useState } from "react"
import { useApi } from "../../app/api.tsx"
import { routesQuery } from "../../app/routes-query.ts"
import { useSession } from "../../app/session.ts"
import { formatDuration } from "../../format/duration.ts"
import { formatCount } from "../../format/numbers.ts"
import { Button } from "../../kit/button.tsx"
import { Dialog } from "../../kit/dialog.tsx"
import { Select, TextField } from "../../kit/field.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import { useToast } from "../../kit/toast.tsx"
import { dryRunQuery } from "./dead-letters-query.ts"
import type { Group } from "./dead-letters-search.ts"
import { whereOf } from "./groups-table.tsx"

const defaultPerSecond = "50"
const mostPerSecond = 1_000

/** Says what a replay of a group would do, and starts it at a pace. */
export function ReplayDialog({ group, onClose }: { readonly group: Group; readonly onClose: () => void }) {
  const [perSecond, setPerSecond] = useState(defaultPerSecond)
  const [route, setRoute] = useState("")
  const overrides = useMemo<ReplayOverrides | undefined>(() => (route === "" ? undefined : { route }), [route])
  const dryRun = useQuery(dryRunQuery(useApi(), group, overrides))
  const pace = Number(perSecond)
  const isPaceGood = Number.isInteger(pace) && pace >= 1 && pace <= mostPerSecond
  const start = useStart(onClose)
  const matched = dryRun.data?.matched ?? 0
  return (
    <Dialog
      title="Replay"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button
            tone="primary"
            isBusy={start.isPending}
            disabled={!isPaceGood || matched === 0 || dryRun.error !== null}
            onClick={() => start.mutate({ filter: group.filter, perSecond: pace, ...(overrides && { overrides }) })}
          >
            Replay {formatCount(matched)}
          </Button>
        </>
      }
    >
      <p>
        <strong>{group.errorType}</strong> · {whereOf(group)}
      </p>
      {group.kind === "job" && <RouteOverride group={group} route={route} setRoute={setRoute} />}
      <TextField
        label="How many start each second at most"
        type="number"
        min={1}
        max={mostPerSecond}
        value={perSecond}
        onChange={setPerSecond}
        hint={isPaceGood ? "So that those who wait, and the provider, are not overrun." : `A whole number from 1 to ${mostPerSecond}.`}
      />
      <QueryView query={{ data: dryRun.error ? undefined : dryRun.data, error: dryRun.error, refetch: dryRun.refetch }}>
        {() => (
          <p role="status">
            Dry run: {formatCount(matched)} open dead letters match; nothing is changed yet.
            {isPaceGood && matched > 0 && ` At this pace all have started after ${formatDuration((matched / pace) * 1_000)}.`}
          </p>
        )}
      </QueryView>
    </Dialog>
  )
}

interface RouteOverrideProps {
  readonly group: Group
  readonly route: string
  readonly setRoute: (route: string) => void
}

function RouteOverride({ group, route, setRoute }: RouteOverrideProps) {
  const { data } = useQuery(routesQuery(useApi(), useSession()))
  if (!data) return null
  return (
    <Select label="On the route" value={route} onChange={setRoute}>
      <option value="">{group.route ?? "its own"}, as before</option>
      {data
        .filter(({ name }) => name !== group.route)
        .map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
    </Select>
  )
}

interface StartRequest {
  readonly filter: Group["filter"]
  readonly perSecond: number
  readonly overrides?: ReplayOverrides
}

function useStart(onStarted: () => void) {
  const { client, tenantId } = useApi()
  const queries = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (request: StartRequest) => client.deadLetters.replay(request),
    onSuccess: async ({ matched }) => {
      toast({ tone: "good", text: `The replay of ${formatCount(matched)} has begun.` })
      onStarted()
      await queries.invalidateQueries({ queryKey: [tenantId, "replays"] })
      await queries.invalidateQueries({ queryKey: [tenantId, "dead-letters"] })
    },
    onError: (error) => toast({ tone: "bad", text: error.message }),
  })
}
