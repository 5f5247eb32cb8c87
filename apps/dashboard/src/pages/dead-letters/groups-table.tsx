import { formatCount } from "../../format/numbers.ts"
import { type Column, DataTable } from "../../kit/data-table.tsx"
import { RowButton } from "../../kit/row-button.tsx"
import { Time } from "../../kit/time.tsx"
import { type Group, keyOfGroup } from "./dead-letters-search.ts"

export interface GroupsTableProps {
  readonly groups: readonly Group[]
  readonly chosen: string | undefined
  readonly onChoose: (key: string | undefined) => void
}

/** Dead letters by what they died of, the most frequent first. */
export function GroupsTable({ groups, chosen, onChoose }: GroupsTableProps) {
  return <DataTable label="Causes" columns={columnsOf(chosen, onChoose)} rows={groups} keyOf={keyOfGroup} />
}

function columnsOf(chosen: string | undefined, onChoose: GroupsTableProps["onChoose"]): readonly Column<Group>[] {
  return [
    {
      id: "cause",
      header: "Cause",
      cell: (group) => {
        const isChosen = keyOfGroup(group) === chosen
        return (
          <RowButton title={group.errorType} isChosen={isChosen} onClick={() => onChoose(isChosen ? undefined : keyOfGroup(group))}>
            <span className="small soft cut">{whereOf(group)}</span>
            {group.sample && <span className="small soft cut">{group.sample.message}</span>}
          </RowButton>
        )
      },
    },
    { id: "count", header: "Count", width: "76px", isNumber: true, cell: ({ count }) => formatCount(count) },
    {
      id: "oldest",
      header: "First",
      width: "132px",
      isNumber: true,
      hiddenBelow: 860,
      cell: ({ oldestAt }) => <Time at={oldestAt} as="ago" />,
    },
    { id: "newest", header: "Last", width: "116px", isNumber: true, cell: ({ newestAt }) => <Time at={newestAt} as="ago" /> },
  ]
}

export function whereOf({ kind, route, endpoint }: Pick<Group, "kind" | "route" | "endpoint">): string {
  if (kind === "delivery") return `webhook to ${endpoint ?? "nobody"}`
  return `route ${route ?? "unknown"} · ${endpoint ?? "no endpoint was called"}`
}
