import type { WriteStream } from "node:tty"
import { Listr, ListrLogger, ProcessOutput } from "listr2"
import type { ProgressTask } from "./terminal.ts"

/** Runs the tasks, each a line on `stream` as long as they last; without a stream nothing is shown. */
export async function showProgress(tasks: readonly ProgressTask[], stream: WriteStream | null): Promise<void> {
  if (stream === null) {
    await Promise.all(tasks.map(({ run }) => run(() => {})))
    return
  }
  const items = tasks.map(({ title, run }) => ({
    title,
    task: (_context: unknown, task: { title: string }) =>
      run((text) => {
        task.title = text
      }),
  }))
  const logger = new ListrLogger({ useIcons: true, processOutput: new ProcessOutput(stream, stream, { leaveEmptyLine: false }) })
  const options = { renderer: "default" as const, rendererOptions: { clearOutput: true, logger }, registerSignalListeners: false }
  await new Listr(items, { concurrent: true, ...options }).run()
}
