import { createContext, type ReactNode, useCallback, useContext, useState } from "react"
import { Icon } from "./icon.tsx"
import "./toast.css"

export interface Toast {
  readonly tone: "good" | "bad"
  readonly text: string
}

type Show = (toast: Toast) => void
const ToastContext = createContext<Show>(() => undefined)

/** Shows a line for some seconds: what was done, or why it was not. */
export function useToast(): Show {
  return useContext(ToastContext)
}

const goodMs = 4_000
const badMs = 10_000

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly (Toast & { readonly id: number })[]>([])
  const show = useCallback<Show>((toast) => {
    const id = performance.now()
    setToasts((old) => [...old, { ...toast, id }])
    setTimeout(() => setToasts((old) => old.filter((one) => one.id !== id)), toast.tone === "good" ? goodMs : badMs)
  }, [])
  return (
    <ToastContext value={show}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map(({ id, tone, text }) => (
          <p key={id} className={`toast toast-${tone}`}>
            <Icon name={tone === "good" ? "check" : "warning"} /> {text}
          </p>
        ))}
      </div>
    </ToastContext>
  )
}
