import { useQuery } from "@tanstack/react-query"
import { useApi } from "../../app/api.tsx"
import { Panel } from "../../kit/page.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import { Time } from "../../kit/time.tsx"
import { operatorLogQuery } from "./endpoints-query.ts"

/** Who did what to endpoints, routes and queues of late. */
export function OperatorLog() {
  const log = useQuery(operatorLogQuery(useApi(), true))
  return (
    <Panel title="Who did what">
      <QueryView query={log}>
        {(entries) =>
          entries.length === 0 ? (
            <p className="soft">Nobody has forced a breaker or paused anything of late.</p>
          ) : (
            <ol className="operator-log">
              {entries.map(({ id, at, actor, action, target, details }) => (
                <li key={id}>
                  <Time at={at} as="ago" />
                  <span>
                    <strong>{actor}</strong> {action}
                    {target !== null && <span className="mono"> {target}</span>}
                    {typeof details.state === "string" && `: ${details.state}`}
                  </span>
                </li>
              ))}
            </ol>
          )
        }
      </QueryView>
    </Panel>
  )
}
