import { subscribableEventTypes } from "@sluice/core"
import { useState } from "react"
import { Button } from "../../kit/button.tsx"
import { Dialog } from "../../kit/dialog.tsx"
import { TextField } from "../../kit/field.tsx"
import { ErrorState } from "../../kit/states.tsx"
import { useWebhookAction } from "./use-webhook-action.ts"

export interface CreateDialogProps {
  readonly onClose: () => void
  readonly onCreated: (created: { readonly id: string; readonly secret: string | undefined }) => void
}

/** Registers a receiver. */
export function CreateDialog({ onClose, onCreated }: CreateDialogProps) {
  const [url, setUrl] = useState("")
  const [description, setDescription] = useState("")
  const [events, setEvents] = useState<readonly string[]>([])
  const create = useWebhookAction({
    act: (webhooks) => {
      const chosen = subscribableEventTypes.filter((type) => events.includes(type))
      return webhooks.create({ url, ...(description !== "" && { description }), ...(chosen.length > 0 && { events: chosen }) })
    },
    done: null,
    onSuccess: ({ id, secret }) => onCreated({ id, secret }),
  })
  return (
    <Dialog
      title="Register a webhook endpoint"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button tone="primary" isBusy={create.isPending} disabled={url === ""} onClick={() => create.mutate(undefined)}>
            Register
          </Button>
        </>
      }
    >
      <TextField label="URL" type="url" value={url} onChange={setUrl} isRequired placeholder="https://app.example/hooks" />
      <TextField label="What it is" value={description} onChange={setDescription} placeholder="The orders service" />
      <fieldset className="event-choice">
        <legend className="field-label">Events; without a choice the ends of jobs and batches</legend>
        {subscribableEventTypes.map((type) => (
          <label key={type}>
            <input
              type="checkbox"
              checked={events.includes(type)}
              onChange={({ target }) => setEvents(target.checked ? [...events, type] : events.filter((one) => one !== type))}
            />
            {type}
          </label>
        ))}
      </fieldset>
      {create.error && <ErrorState error={create.error} />}
    </Dialog>
  )
}
