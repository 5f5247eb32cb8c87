import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useApi } from "../../app/api.tsx"
import { useSession } from "../../app/session.ts"
import { Button } from "../../kit/button.tsx"
import { Panel } from "../../kit/page.tsx"
import { QueryView } from "../../kit/query-view.tsx"
import { Time } from "../../kit/time.tsx"
import { RotateDialog } from "./rotate-dialog.tsx"
import { SecretDialog } from "./secret-dialog.tsx"
import { useWebhookAction } from "./use-webhook-action.ts"
import { defaultSecretQuery } from "./webhooks-query.ts"

/** The secret that signs the webhooks which jobs bring along. */
export function DefaultSecretPanel() {
  const current = useQuery(defaultSecretQuery(useApi()))
  const mayRotate = useSession().can("webhooks:write")
  const [isAsked, setAsked] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const rotate = useWebhookAction({
    act: (webhooks, overlapMs: number) => webhooks.rotateDefaultSecret({ overlapMs }),
    done: null,
    onSuccess: (rotated) => {
      setAsked(false)
      setSecret(rotated.secret ?? null)
    },
  })
  return (
    <Panel title="Default secret" actions={mayRotate && <Button onClick={() => setAsked(true)}>Rotate</Button>}>
      <QueryView query={current}>
        {({ createdAt, previousSecretExpiresAt }) => (
          <p>
            It signs the webhooks that jobs bring along without a secret of their own. Made <Time at={createdAt} as="ago" />
            {previousSecretExpiresAt !== null && (
              <>
                ; the one before it ends <Time at={previousSecretExpiresAt} as="ago" />
              </>
            )}
            .
          </p>
        )}
      </QueryView>
      {isAsked && (
        <RotateDialog
          title="Rotate the default secret"
          isBusy={rotate.isPending}
          onRotate={rotate.mutate}
          onClose={() => setAsked(false)}
        />
      )}
      {secret !== null && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </Panel>
  )
}
