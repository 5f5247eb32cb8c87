import type { DeadLetterResource, DeadLetterState } from "@sluice/core"
import { useInfiniteQuery } from "@tanstack/react-query"
import { useMemo, useState } from "react"
import { useApi } from "../../app/api.tsx"
import { useSession } from "../../app/session.ts"
import { formatCount } from "../../format/numbers.ts"
import { shortId } from "../../format/short-id.ts"
import { Button } from "../../kit/button.tsx"
import { Chip, type Tone } from "../../kit/chip.tsx"
import { type Column, DataTable } from "../../kit/data-table.tsx"
import type { IconName } from "../../kit/icon.tsx"
import { Panel } from "../../kit/page.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import { RowButton } from "../../kit/row-button.tsx"
import { Time } from "../../kit/time.tsx"
import { lettersQuery } from "./dead-letters-query.ts"
import type { Group } from "./dead-letters-search.ts"
import { DiscardDialog } from "./discard-dialog.tsx"
import { whereOf } from "./groups-table.tsx"
import { ReplayDialog } from "./replay-dialog.tsx"

export interface LettersPanelProps {
  readonly group: Group
  readonly state: DeadLetterState
  readonly onShow: (id: string) => void
}

/** The dead letters of one cause, and what can be done with all of them. */
export function LettersPanel({ group, state, onShow }: LettersPanelProps) {
  const letters = useInfiniteQuery(lettersQuery(useApi(), group, state))
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = letters
  const rows = useMemo(() => data?.pages.flatMap((page) => page.data), [data])
  const columns = useMemo(() => columnsOf(onShow), [onShow])
  return (
    <Panel title={`${group.errorType} · ${whereOf(group)}`} isFlush actions={state === "open" && <GroupActions group={group} />}>
      <QueryView query={{ data: rows, error, refetch }}>
        {(all) => <DataTable label="Dead letters of this cause" columns={columns} rows={all} keyOf={({ id }) => id} />}
      </QueryView>
      {hasNextPage && (
        <p className="letters-more">
          <Button isBusy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show older ones
          </Button>
        </p>
      )}
    </Panel>
  )
}

function GroupActions({ group }: { readonly group: Group }) {
  const mayAct = useSession().can("dead-letters:write")
  const [asked, setAsked] = useState<"replay" | "discard" | null>(null)
  if (!mayAct) return null
  const close = () => setAsked(null)
  return (
    <>
      <Button tone="danger" onClick={() => setAsked("discard")}>
        Discard all {formatCount(group.count)}
      </Button>
      <Button tone="primary" onClick={() => setAsked("replay")}>
        Replay all {formatCount(group.count)}
      </Button>
      {asked === "replay" && <ReplayDialog group={group} onClose={close} />}
      {asked === "discard" && <DiscardDialog group={group} onClose={close} />}
    </>
  )
}

const stateLooks: Readonly<Record<DeadLetterState, { readonly tone: Tone; readonly icon: IconName }>> = {
  open: { tone: "bad", icon: "cross" },
  replaying: { tone: "accent", icon: "half" },
  resolved: { tone: "good", icon: "check" },
  discarded: { tone: "quiet", icon: "slash" },
}

export function LetterStateChip({ state }: { readonly state: DeadLetterState }) {
  return <Chip {...stateLooks[state]}>{state}</Chip>
}

function columnsOf(onShow: (id: string) => void): readonly Column<DeadLetterResource>[] {
  return [
    {
      id: "letter",
      header: "Dead letter",
      cell: ({ id, error }) => (
        <RowButton title={<span className="mono">{shortId(id)}</span>} onClick={() => onShow(id)}>
          <span className="small soft cut">{error.message}</span>
        </RowButton>
      ),
    },
    { id: "state", header: "State", width: "128px", hiddenBelow: 860, cell: ({ state }) => <LetterStateChip state={state} /> },
    { id: "attempts", header: "Calls", width: "76px", isNumber: true, hiddenBelow: 860, cell: ({ attemptCount }) => attemptCount },
    { id: "replays", header: "Replays", width: "84px", isNumber: true, hiddenBelow: 860, cell: ({ replays }) => replays.length },
    { id: "at", header: "Died", width: "124px", isNumber: true, cell: ({ createdAt }) => <Time at={createdAt} as="ago" /> },
  ]
}
