import { useState } from "react"
import { ConfirmDialog } from "../../kit/dialog.tsx"
import { Select } from "../../kit/field.tsx"
import { useWebhookAction } from "./use-webhook-action.ts"

const hourMs = 3_600_000
const spans = {
  [String(hourMs)]: "the last hour",
  [String(24 * hourMs)]: "the last 24 hours",
  [String(168 * hourMs)]: "the last 7 days",
  [String(720 * hourMs)]: "the last 30 days",
}

/** Has what was given up delivered again, in the background. */
export function RecoverDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const [span, setSpan] = useState(String(24 * hourMs))
  const recover = useWebhookAction({
    act: (webhooks) => webhooks.recover(id, new Date(Date.now() - Number(span)).toISOString()),
    done: () => "The recovery has begun: what was given up is delivered again, step by step.",
    onSuccess: onClose,
  })
  return (
    <ConfirmDialog title="Recover" verb="Recover" isBusy={recover.isPending} onClose={onClose} onConfirm={() => recover.mutate(undefined)}>
      <p>Deliveries that were given up are made again under the same event ids, so that receivers can drop what they have seen.</p>
      <Select label="Given up within" value={span} onChange={setSpan}>
        {Object.entries(spans).map(([ms, name]) => (
          <option key={ms} value={ms}>
            {name}
          </option>
        ))}
      </Select>
    </ConfirmDialog>
  )
}
