import { type Kind, priorities } from "@sluice/core"
import { type FormEvent, type KeyboardEvent, useRef } from "react"
import { Button } from "../../kit/button.tsx"
import { Select, TextField } from "../../kit/field.tsx"
import { RouteSelect } from "../../kit/route-select.tsx"
import { cacheUses, fallbacks, type PlaygroundForm } from "./submission-of.ts"

export interface PlaygroundInputsProps {
  readonly form: PlaygroundForm
  readonly kind: Kind
  /** What there is to do before it can be submitted. */
  readonly missing: string | null
  readonly isBusy: boolean
  readonly onChange: (form: PlaygroundForm) => void
  readonly onSubmit: () => void
}

const promptHints: Readonly<Record<Kind, string>> = {
  chat: "Ctrl + Enter submits.",
  embedding: "One text on each line. Ctrl + Enter submits.",
  image: "What the image is to show. Ctrl + Enter submits.",
  custom: "JSON, as the route's endpoints take it. Ctrl + Enter submits.",
}

export function PlaygroundInputs({ form, kind, missing, isBusy, onChange, onSubmit }: PlaygroundInputsProps) {
  const element = useRef<HTMLFormElement>(null)
  const change = (changes: Partial<PlaygroundForm>) => onChange({ ...form, ...changes })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
  }
  const submitByKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) element.current?.requestSubmit()
  }
  return (
    <form ref={element} className="stack" onSubmit={submit} onKeyDown={submitByKey}>
      <div className="playground-row">
        <RouteSelect value={form.route} onChange={(route) => change({ route })} none="choose …" />
        <Select label="Input" value={form.mode} onChange={(mode) => change({ mode: mode === "json" ? "json" : "prompt" })}>
          <option value="prompt">prompt</option>
          <option value="json">JSON</option>
        </Select>
      </div>
      {form.mode === "json" && <TextField label="Input as JSON" isMono rows={10} value={form.json} onChange={(json) => change({ json })} />}
      {form.mode === "prompt" && kind === "chat" && (
        <TextField label="System (optional)" rows={2} value={form.system} onChange={(system) => change({ system })} />
      )}
      {form.mode === "prompt" && (
        <TextField label="Prompt" rows={6} value={form.prompt} onChange={(prompt) => change({ prompt })} hint={promptHints[kind]} />
      )}
      <OptionFields form={form} change={change} />
      <div className="row row-apart">
        <p className="small soft">{missing}</p>
        <Button type="submit" tone="primary" isBusy={isBusy} disabled={missing !== null}>
          Submit
        </Button>
      </div>
    </form>
  )
}

interface OptionFieldsProps {
  readonly form: PlaygroundForm
  readonly change: (changes: Partial<PlaygroundForm>) => void
}

function OptionFields({ form, change }: OptionFieldsProps) {
  const one = <T extends string>(values: readonly T[], value: string) => values.find((each) => each === value)
  return (
    <div className="playground-row">
      <Select label="Priority" value={form.priority} onChange={(value) => change({ priority: one(priorities, value) ?? "standard" })}>
        {priorities.map((priority) => (
          <option key={priority}>{priority}</option>
        ))}
      </Select>
      <Select label="Fallback" value={form.fallback} onChange={(value) => change({ fallback: one(fallbacks, value) ?? "" })}>
        <option value="">the route's</option>
        {fallbacks.map((fallback) => (
          <option key={fallback}>{fallback}</option>
        ))}
      </Select>
      <Select label="Cache" value={form.cache} onChange={(value) => change({ cache: one(cacheUses, value) ?? "use" })}>
        {cacheUses.map((use) => (
          <option key={use}>{use}</option>
        ))}
      </Select>
    </div>
  )
}
