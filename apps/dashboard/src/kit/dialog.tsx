import { type ReactNode, useEffect, useId, useRef } from "react"
import { Button } from "./button.tsx"
import { Icon } from "./icon.tsx"
import "./dialog.css"

export interface DialogProps {
  readonly title: string
  /** The dialog is there as long as it is drawn. */
  readonly onClose: () => void
  readonly children: ReactNode
  /** What one can do, the main thing last. */
  readonly actions?: ReactNode
}

/** Over the page, which waits. The browser keeps the focus inside, and closes it on Escape. */
export function Dialog({ title, onClose, children, actions }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={id} onClose={onClose}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        <Button tone="quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="cross" />
        </Button>
      </div>
      <div className="dialog-body">{children}</div>
      {actions && <div className="dialog-actions">{actions}</div>}
    </dialog>
  )
}

export interface ConfirmDialogProps extends Omit<DialogProps, "actions"> {
  /** What the button says: the thing itself, not "OK". */
  readonly verb: string
  readonly isDangerous?: boolean
  readonly isBusy?: boolean
  readonly onConfirm: () => void
}

export function ConfirmDialog({ verb, isDangerous = false, isBusy = false, onConfirm, ...dialog }: ConfirmDialogProps) {
  return (
    <Dialog
      {...dialog}
      actions={
        <>
          <Button onClick={dialog.onClose}>Not now</Button>
          <Button tone={isDangerous ? "danger" : "primary"} isBusy={isBusy} onClick={onConfirm}>
            {verb}
          </Button>
        </>
      }
    />
  )
}
