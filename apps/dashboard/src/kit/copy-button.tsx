import { useEffect, useState } from "react"
import { Button } from "./button.tsx"
import { Icon } from "./icon.tsx"
import { useToast } from "./toast.tsx"

export interface CopyButtonProps {
  readonly text: string
  /** What is copied, for readers of screens; shown when there is `isLabelled`. */
  readonly label: string
  readonly isLabelled?: boolean
}

const thanksMs = 1_500

export function CopyButton({ text, label, isLabelled = false }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false)
  const toast = useToast()
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), thanksMs)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
    } catch {
      // Browsers have no clipboard on origins that they do not trust, as http on another machine.
      toast({ tone: "bad", text: "The browser allows no copying here. Open the dashboard over https or on this machine." })
    }
  }
  return (
    <Button tone={isLabelled ? "plain" : "quiet"} onClick={() => void copy()} aria-label={label} title={label}>
      <Icon name={isCopied ? "check" : "copy"} />
      {isLabelled && <SteadyLabel isCopied={isCopied} label={label} />}
    </Button>
  )
}

/** As wide as the longer of its two texts, so that nothing beside it moves when they change. */
function SteadyLabel({ isCopied, label }: { readonly isCopied: boolean; readonly label: string }) {
  return (
    <span className="steady">
      <span className={isCopied ? "steady-other" : ""}>{label}</span>
      <span className={isCopied ? "" : "steady-other"}>Copied</span>
    </span>
  )
}
