import type { DeliveryWithRequestResource } from "@sluice/core"
import { useQuery } from "@tanstack/react-query"
import { useApi } from "../../app/api.tsx"
import { useSession } from "../../app/session.ts"
import { formatDuration } from "../../format/duration.ts"
import { Button } from "../../kit/button.tsx"
import { CopyButton } from "../../kit/copy-button.tsx"
import { DeliveryStatusChip } from "../../kit/delivery-status-chip.tsx"
import { Dialog } from "../../kit/dialog.tsx"
import { JobLink } from "../../kit/job-link.tsx"
import { Facts } from "../../kit/page.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import { Time } from "../../kit/time.tsx"
import { prettyBody } from "./pretty-body.ts"
import { useWebhookAction } from "./use-webhook-action.ts"
import { deliveryQuery } from "./webhooks-query.ts"

export interface DeliveryDialogProps {
  readonly endpointId: string
  readonly id: string
  readonly onClose: () => void
}

/** What is sent, and what the receiver answered each time. */
export function DeliveryDialog({ endpointId, id, onClose }: DeliveryDialogProps) {
  const delivery = useQuery(deliveryQuery(useApi(), endpointId, id))
  const mayAct = useSession().can("webhooks:write")
  const redeliver = useWebhookAction({
    act: (webhooks) => webhooks.redeliver(endpointId, id),
    done: () => "It is delivered again.",
  })
  return (
    <Dialog
      title="Delivery"
      onClose={onClose}
      actions={
        mayAct && (
          <Button tone="primary" isBusy={redeliver.isPending} onClick={() => redeliver.mutate(undefined)}>
            Deliver again
          </Button>
        )
      }
    >
      <QueryView query={delivery}>{(found) => <Contents delivery={found} />}</QueryView>
    </Dialog>
  )
}

function Contents({ delivery }: { readonly delivery: DeliveryWithRequestResource }) {
  const { id, eventType, status, createdAt, nextAttemptAt, jobId, request } = delivery
  return (
    <>
      <Facts
        facts={[
          { label: "Status", value: <DeliveryStatusChip status={status} /> },
          { label: "Event", value: eventType },
          { label: "Made", value: <Time at={createdAt} /> },
          { label: "Next try", value: nextAttemptAt === null ? "none" : <Time at={nextAttemptAt} as="ago" /> },
          ...(jobId === null ? [] : [{ label: "Job", value: <JobLink id={jobId} /> }]),
          { label: "Id", value: <span className="mono">{id}</span> },
        ]}
      />
      <section className="stack exchange">
        <h3>Request</h3>
        <p className="mono small">
          {request.method} {request.url}
        </p>
        {request.headerNames.length > 0 && <p className="small soft">with headers of its own: {request.headerNames.join(", ")}</p>}
        {request.body === null ? (
          <p className="small soft">Your key may not read jobs, so the body is not shown.</p>
        ) : (
          <Body text={request.body} label="request" />
        )}
      </section>
      <Tries delivery={delivery} />
    </>
  )
}

function Body({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div className="exchange-body">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and who has no pointer has to get there. */}
      <section tabIndex={0} aria-label={`Body of the ${label}`}>
        <pre>{prettyBody(text)}</pre>
      </section>
      <CopyButton text={text} label={`Copy the body of the ${label}`} />
    </div>
  )
}

function Tries({ delivery: { tries, tryCount } }: { readonly delivery: DeliveryWithRequestResource }) {
  return (
    <section className="stack exchange">
      <h3>
        Tries{" "}
        {tryCount > tries.length && (
          <span className="soft">
            (the last {tries.length} of {tryCount})
          </span>
        )}
      </h3>
      {tries.length === 0 && <p className="small soft">None yet.</p>}
      <ol className="stack">
        {tries.toReversed().map(({ at, httpStatus, durationMs, error, responseBody }) => (
          <li key={at} className="stack exchange">
            <p className="row small">
              <Time at={at} /> <strong>{httpStatus ?? "no answer"}</strong> after {formatDuration(durationMs)}
              {error !== null && <span className="bad">{error}</span>}
            </p>
            {responseBody !== null && responseBody !== "" && <Body text={responseBody} label="answer" />}
          </li>
        ))}
      </ol>
    </section>
  )
}
