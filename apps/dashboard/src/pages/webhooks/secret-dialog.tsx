import { Button } from "../../kit/button.tsx"
import { CopyButton } from "../../kit/copy-button.tsx"
import { Dialog } from "../../kit/dialog.tsx"

/** A new secret, which is shown this once. */
export function SecretDialog({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  return (
    <Dialog
      title="The new secret"
      onClose={onClose}
      actions={
        <Button tone="primary" onClick={onClose}>
          I have kept it
        </Button>
      }
    >
      <p>It signs what is sent, and is shown only now. Give it to whoever verifies the webhooks.</p>
      <p className="row">
        <code className="secret">{secret}</code>
        <CopyButton text={secret} label="Copy the secret" isLabelled />
      </p>
    </Dialog>
  )
}
