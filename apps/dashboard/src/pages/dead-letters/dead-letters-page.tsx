import { deadLetterStates } from "@sluice/core"
import { useQuery } from "@tanstack/react-query"
import { getRouteApi, useNavigate } from "@tanstack/react-router"
import { useCallback } from "react"
import { useApi } from "../../app/api.tsx"
import { formatCount } from "../../format/numbers.ts"
import { Select } from "../../kit/field.tsx"
import { Page, Panel } from "../../kit/page.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import { EmptyState } from "../../kit/states.tsx"
import { groupsQuery, replaysQuery } from "./dead-letters-query.ts"
import { type DeadLettersSearch, keyOfGroup, stateOf } from "./dead-letters-search.ts"
import { GroupsTable } from "./groups-table.tsx"
import { LetterDialog } from "./letter-dialog.tsx"
import { LettersPanel } from "./letters-panel.tsx"
import { PastReplays, RunningReplays } from "./replays-panel.tsx"
import "./dead-letters-page.css"

const route = getRouteApi("/dead-letters")

/** What failed, expired or could not be delivered: by cause, to be replayed or discarded. */
export function DeadLettersPage() {
  const search = route.useSearch()
  const state = stateOf(search)
  const api = useApi()
  const replays = useQuery(replaysQuery(api))
  const running = replays.data?.filter(({ status }) => status === "running") ?? []
  const groups = useQuery(groupsQuery(api, { state, isBusy: running.length > 0 }))
  const change = useChange()
  const show = useCallback((letter: string) => change({ letter }), [change])
  const chosen = groups.data?.data.find((group) => keyOfGroup(group) === search.group)
  return (
    <Page title="Dead letters" actions={<StateChoice search={search} change={change} />}>
      {running.length > 0 && <RunningReplays replays={running} />}
      <Panel title={groups.data ? `${formatCount(groups.data.total)} ${state}` : "Causes"} isFlush>
        <QueryView query={groups}>
          {({ data, isComplete }) =>
            data.length === 0 ? (
              <EmptyState title={state === "open" ? "No open dead letters" : `None are ${state}`}>
                What fails, expires or cannot be delivered is found here by its cause.
              </EmptyState>
            ) : (
              <>
                <GroupsTable groups={data} chosen={search.group} onChoose={(group) => change({ group, letter: undefined })} />
                {!isComplete && <p className="letters-more soft">There are more causes than are shown; these are the most frequent.</p>}
              </>
            )
          }
        </QueryView>
      </Panel>
      {chosen && <LettersPanel group={chosen} state={state} onShow={show} />}
      <PastReplays query={{ ...replays, data: replays.data?.filter(({ status }) => status !== "running") }} />
      {search.letter !== undefined && <LetterDialog id={search.letter} onClose={() => change({ letter: undefined })} />}
    </Page>
  )
}

type Change = (changes: { readonly [Name in keyof DeadLettersSearch]: string | undefined }) => void

function useChange(): Change {
  const navigate = useNavigate({ from: "/dead-letters" })
  return useCallback((changes) => void navigate({ search: (old) => ({ ...old, ...changes }), replace: true }), [navigate])
}

function StateChoice({ search, change }: { readonly search: DeadLettersSearch; readonly change: Change }) {
  const choose = (state: string) => change({ state, group: undefined, letter: undefined })
  return (
    <Select label="State" isLabelHidden value={stateOf(search)} onChange={choose}>
      {deadLetterStates.map((one) => (
        <option key={one}>{one}</option>
      ))}
    </Select>
  )
}
