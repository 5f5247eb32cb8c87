/** A block of the document between fences. */
export interface Block {
  readonly text: string
  /** A regular expression for what has to be answered. `…` stands for the rest of a line or a part of it; alone, for any lines. */
  pattern(adapt: (text: string) => string): string
}

export interface Step {
  readonly command: Block
  /** It stays, in a terminal of its own. */
  readonly isTerminal: boolean
  readonly answer: Block | null
  /** What the last terminal shows after it. */
  readonly inTerminal: Block | null
}

/** The commands of a document (`sh` blocks), each with what it answers (the `text` block after it). */
export function stepsOf(markdown: string): Step[] {
  const steps: Step[] = []
  for (const [, language = "", text = ""] of markdown.matchAll(/^```([^\n]*)\n(.*?)\n```$/gms)) {
    const last = steps.at(-1)
    if (language.startsWith("sh")) {
      steps.push({ command: blockOf(text), isTerminal: language === "sh terminal", answer: null, inTerminal: null })
    } else if (last !== undefined) {
      steps[steps.length - 1] = { ...last, [language === "text terminal" ? "inTerminal" : "answer"]: blockOf(text) }
    }
  }
  return steps
}

function blockOf(text: string): Block {
  return {
    text,
    pattern: (adapt) =>
      adapt(text)
        .split("\n")
        .map(linePattern)
        .join("\n")
        .replaceAll("(?:.*\n)*\n", "(?:.*\n)*")
        .replace(/\n\(\?:\.\*\n\)\*$/, "(?:\n.*)*"),
  }
}

/** How wide the columns of a table are depends on what stands in them. */
function linePattern(line: string): string {
  if (line === "…") return "(?:.*\n)*"
  return line
    .replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
    .replaceAll("…", ".*")
    .replaceAll(/ {2,}/g, " +")
}
