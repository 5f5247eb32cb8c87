import { createInterface } from "node:readline/promises"
import { Writable } from "node:stream"
import { text } from "node:stream/consumers"
import type { ReadStream, WriteStream } from "node:tty"
import { styleText } from "node:util"
import { showProgress } from "./show-progress.ts"
import type { Terminal } from "./terminal.ts"

export interface TerminalOptions {
  readonly stdin: ReadStream
  readonly stdout: WriteStream
  readonly stderr: WriteStream
  /** The user wants none (https://no-color.org). */
  readonly noColor: boolean
}

/** The terminal over the streams of the process. */
export function createTerminal({ stdin, stdout, stderr, noColor }: TerminalOptions): Terminal {
  const isSeen = stdout.isTTY === true && stderr.isTTY === true
  const hasColor = stdout.isTTY === true && !noColor
  return {
    out: (line) => void stdout.write(`${line}\n`),
    write: (part) => void stdout.write(part),
    note: (line) => void stderr.write(`${line}\n`),
    columns: stdout.isTTY === true ? stdout.columns : Number.POSITIVE_INFINITY,
    paint: (style, words) => (hasColor ? styleText(style, words, { validateStream: false }) : words),
    isInteractive: stdin.isTTY === true && isSeen,
    async ask(question, signal) {
      const lines = createInterface({ input: stdin, output: stderr })
      try {
        return await lines.question(question, { signal })
      } finally {
        lines.close()
      }
    },
    async askHidden(question, signal) {
      stderr.write(question)
      // The terminal itself shows nothing in raw mode, and what readline would show goes nowhere.
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
      const lines = createInterface({ input: stdin, output: nowhere, terminal: true })
      try {
        return await lines.question("", { signal })
      } finally {
        lines.close()
        stderr.write("\n")
      }
    },
    hasInput: stdin.isTTY !== true,
    readInput: () => text(stdin),
    progress: (tasks) => showProgress(tasks, isSeen ? stderr : null),
  }
}
