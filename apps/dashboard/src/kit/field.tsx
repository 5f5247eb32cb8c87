import { type ReactNode, useId } from "react"
import "./field.css"

interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** The label is there for readers of screens only, where its place says what it is. */
  readonly isLabelHidden?: boolean
  readonly hint?: ReactNode
}

function Labelled(props: Pick<FieldProps, "label" | "isLabelHidden" | "hint"> & { readonly id: string; readonly children: ReactNode }) {
  const { id, label, isLabelHidden = false, hint, children } = props
  return (
    <div className="field">
      <label htmlFor={id} className={isLabelHidden ? "unseen" : "field-label"}>
        {label}
      </label>
      {children}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="small soft">
          {hint}
        </p>
      )}
    </div>
  )
}

export function Select({ label, value, onChange, isLabelHidden, hint, children }: FieldProps & { readonly children: ReactNode }) {
  const id = useId()
  return (
    <Labelled id={id} label={label} isLabelHidden={isLabelHidden ?? false} hint={hint}>
      <select id={id} className="control" value={value} onChange={(event) => onChange(event.target.value)}>
        {children}
      </select>
    </Labelled>
  )
}

export interface TextFieldProps extends FieldProps {
  readonly type?: "text" | "password" | "url" | "number" | "date"
  readonly placeholder?: string
  readonly autoComplete?: string
  readonly isRequired?: boolean
  readonly isMono?: boolean
  /** More than one makes it a text area. */
  readonly rows?: number
  readonly min?: number | string
  readonly max?: number | string
}

export function TextField(props: TextFieldProps) {
  const { label, value, onChange, isLabelHidden, hint, type = "text", rows = 1, isRequired = false, isMono = false, ...rest } = props
  const id = useId()
  const common = {
    ...rest,
    id,
    value,
    required: isRequired,
    className: isMono ? "control mono" : "control",
    "aria-describedby": hint === undefined ? undefined : `${id}-hint`,
  }
  return (
    <Labelled id={id} label={label} isLabelHidden={isLabelHidden ?? false} hint={hint}>
      {rows > 1 ? (
        <textarea {...common} rows={rows} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input {...common} type={type} onChange={(event) => onChange(event.target.value)} />
      )}
    </Labelled>
  )
}
