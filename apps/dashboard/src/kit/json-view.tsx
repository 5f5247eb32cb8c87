import { CopyButton } from "./copy-button.tsx"
import "./code.css"

/** A value as indented JSON. */
export function JsonView({ value }: { readonly value: unknown }) {
  return <CodeView text={JSON.stringify(value, null, 2)} label="Copy the JSON" />
}

export function CodeView({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <div className="code">
      <div className="code-copy">
        <CopyButton text={text} label={label} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard. */}
      <pre tabIndex={0}>{text}</pre>
    </div>
  )
}
