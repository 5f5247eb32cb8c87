import type { WebhookEndpointResource } from "@sluice/core"
import { useState } from "react"
import { useSession } from "../../app/session.ts"
import { Button } from "../../kit/button.tsx"
import { ConfirmDialog } from "../../kit/dialog.tsx"
import { RecoverDialog } from "./recover-dialog.tsx"
import { RotateDialog } from "./rotate-dialog.tsx"
import { SecretDialog } from "./secret-dialog.tsx"
import { useWebhookAction } from "./use-webhook-action.ts"

type Asked = "rotate" | "recover" | "remove"

export interface EndpointActionsProps {
  readonly endpoint: WebhookEndpointResource
  readonly onRemoved: () => void
}

export function EndpointActions({ endpoint, onRemoved }: EndpointActionsProps) {
  const { id, disabled } = endpoint
  const [asked, setAsked] = useState<Asked | null>(null)
  const close = () => setAsked(null)
  const test = useWebhookAction({ act: (webhooks) => webhooks.test(id), done: () => "A test is on its way: see the deliveries." })
  const toggle = useWebhookAction({
    act: (webhooks) => webhooks.update(id, { enabled: disabled !== null }),
    done: (changed) => (changed.disabled ? "It gets nothing any more." : "It gets events again."),
  })
  if (!useSession().can("webhooks:write")) return null
  return (
    <>
      <Button isBusy={test.isPending} disabled={disabled !== null} onClick={() => test.mutate(undefined)}>
        Send a test
      </Button>
      <Button onClick={() => setAsked("recover")}>Recover</Button>
      <Button onClick={() => setAsked("rotate")}>Rotate secret</Button>
      <Button isBusy={toggle.isPending} onClick={() => toggle.mutate(undefined)}>
        {disabled ? "Enable" : "Disable"}
      </Button>
      <Button tone="danger" onClick={() => setAsked("remove")}>
        Remove
      </Button>
      <Rotation id={id} isAsked={asked === "rotate"} onClose={close} />
      {asked === "recover" && <RecoverDialog id={id} onClose={close} />}
      {asked === "remove" && <RemoveDialog endpoint={endpoint} onClose={close} onRemoved={onRemoved} />}
    </>
  )
}

/** First how, then the secret. */
function Rotation({ id, isAsked, onClose }: { readonly id: string; readonly isAsked: boolean; readonly onClose: () => void }) {
  const [secret, setSecret] = useState<string | null>(null)
  const rotate = useWebhookAction({
    act: (webhooks, overlapMs: number) => webhooks.rotateSecret(id, { overlapMs }),
    done: null,
    onSuccess: (endpoint) => {
      onClose()
      setSecret(endpoint.secret ?? null)
    },
  })
  if (secret !== null) return <SecretDialog secret={secret} onClose={() => setSecret(null)} />
  if (!isAsked) return null
  return <RotateDialog title="Rotate the secret" isBusy={rotate.isPending} onRotate={rotate.mutate} onClose={onClose} />
}

function RemoveDialog({ endpoint: { id, url }, onClose, onRemoved }: EndpointActionsProps & { readonly onClose: () => void }) {
  const remove = useWebhookAction({
    act: (webhooks) => webhooks.delete(id),
    done: () => "The endpoint was removed.",
    onSuccess: () => {
      onClose()
      onRemoved()
    },
  })
  return (
    <ConfirmDialog
      title="Remove the endpoint"
      verb="Remove"
      isDangerous
      isBusy={remove.isPending}
      onClose={onClose}
      onConfirm={() => remove.mutate(undefined)}
    >
      <p>
        <span className="mono">{url}</span> hears of nothing any more. What is still on its way to it is given up.
      </p>
    </ConfirmDialog>
  )
}
