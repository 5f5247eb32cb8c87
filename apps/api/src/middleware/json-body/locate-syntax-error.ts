type Expecting = "value" | "value or end" | "key" | "key or end" | "colon" | "comma or end" | "nothing"

const whitespace = /[\t\n\r ]*/y
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const literal = /true|false|null/y
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/**
 * Where a text stops being JSON (RFC 8259), as an index into it; null when it is JSON. Engines tell the position only in
 * some of their messages, and repeat the text in others. Neither recursive nor backtracking, whatever the text.
 */
export function locateSyntaxError(text: string): number | null {
  const open: ("{" | "[")[] = []
  let expecting: Expecting = "value"
  let at = skip(whitespace, text, 0)
  while (at < text.length) {
    const next = step({ text, at, expecting, open })
    if (next === null) return at
    if (next.failedAt !== undefined) return next.failedAt
    expecting = next.expecting
    at = skip(whitespace, text, next.at)
  }
  return expecting === "nothing" ? null : text.length
}

interface State {
  readonly text: string
  readonly at: number
  readonly expecting: Expecting
  /** The brackets around, innermost last; changed in place. */
  readonly open: ("{" | "[")[]
}

interface Step {
  readonly at: number
  readonly expecting: Expecting
  /** Set when a token began well and went wrong inside. */
  readonly failedAt?: number
}

/** Reads one token; null when it may not stand here. */
function step(state: State): Step | null {
  const { text, at, expecting, open } = state
  switch (expecting) {
    case "nothing":
      return null
    case "colon":
      return text[at] === ":" ? { at: at + 1, expecting: "value" } : null
    case "comma or end":
      if (text[at] === ",") return { at: at + 1, expecting: open.at(-1) === "{" ? "key" : "value" }
      return closing(state)
    case "key or end":
      return closing(state) ?? key(state)
    case "key":
      return key(state)
    case "value or end":
      return closing(state) ?? value(state)
    case "value":
      return value(state)
  }
}

function closing({ text, at, open }: State): Step | null {
  if (text[at] !== (open.at(-1) === "{" ? "}" : "]")) return null
  open.pop()
  return { at: at + 1, expecting: afterValue(open) }
}

function key({ text, at }: State): Step | null {
  return text[at] === '"' ? stringStep(text, at, "colon") : null
}

function value({ text, at, open }: State): Step | null {
  const first = text[at]
  if (first === "{" || first === "[") {
    open.push(first)
    return { at: at + 1, expecting: first === "{" ? "key or end" : "value or end" }
  }
  if (first === '"') return stringStep(text, at, afterValue(open))
  const end = Math.max(skip(number, text, at), skip(literal, text, at))
  return end > at ? { at: end, expecting: afterValue(open) } : null
}

function afterValue(open: readonly string[]): Expecting {
  return open.length === 0 ? "nothing" : "comma or end"
}

function stringStep(text: string, start: number, expecting: Expecting): Step {
  let at = start + 1
  while (at < text.length && text[at] !== '"') {
    const next = text[at] === "\\" ? skip(escapeSequence, text, at) : at + 1
    if (next === at || text.charCodeAt(at) < 0x20) return { at, expecting, failedAt: at }
    at = next
  }
  return at < text.length ? { at: at + 1, expecting } : { at, expecting, failedAt: text.length }
}

/** The index after what the pattern matches at `at`; `at` itself when it does not. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}
