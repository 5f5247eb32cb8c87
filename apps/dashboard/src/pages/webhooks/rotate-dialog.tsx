import { useState } from "react"
import { ConfirmDialog } from "../../kit/dialog.tsx"
import { Select } from "../../kit/field.tsx"

const hourMs = 3_600_000
const overlaps = { "0": "at once", [String(hourMs)]: "an hour", [String(24 * hourMs)]: "24 hours", [String(168 * hourMs)]: "7 days" }
const usual = String(24 * hourMs)

export interface RotateDialogProps {
  readonly title: string
  readonly isBusy: boolean
  readonly onRotate: (overlapMs: number) => void
  readonly onClose: () => void
}

export function RotateDialog({ title, isBusy, onRotate, onClose }: RotateDialogProps) {
  const [overlap, setOverlap] = useState(usual)
  return (
    <ConfirmDialog title={title} verb="Rotate" isBusy={isBusy} onClose={onClose} onConfirm={() => onRotate(Number(overlap))}>
      <p>A new secret is made and shown once. Until the old one ends, requests carry the signatures of both.</p>
      <Select label="The old one ends after" value={overlap} onChange={setOverlap}>
        {Object.entries(overlaps).map(([ms, name]) => (
          <option key={ms} value={ms}>
            {name}
          </option>
        ))}
      </Select>
    </ConfirmDialog>
  )
}
