import { helpText } from "./cli/help.ts"
import { parseArguments } from "./cli/parse-arguments.ts"
import { type SimulatorOptions, startSimulator } from "./server/start-simulator.ts"

const commandLine = parseArguments(process.argv.slice(2))

switch (commandLine.kind) {
  case "help":
    process.stdout.write(helpText())
    break
  case "mistake":
    process.stderr.write(`${commandLine.message}\nnpm run simulator -- --help lists what there is.\n`)
    process.exitCode = 2
    break
  case "start":
    await run(commandLine.options)
}

async function run(options: SimulatorOptions): Promise<void> {
  try {
    const simulator = await startSimulator(options)
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void simulator.stop().then(exit))
    const profile = options.profile === undefined ? "" : ` (profile ${options.profile})`
    process.stdout.write(`Simulated provider${profile} ready at ${simulator.url}; control it with POST ${simulator.url}/__control\n`)
  } catch (error) {
    process.stderr.write(`The simulator could not start: ${error instanceof Error ? error.message : error}. Is another --port free?\n`)
    process.exitCode = 1
  }
}

/**
 * Ctrl-C reaches us more than once: from the terminal and from npm. A process that ends by itself takes down its signal
 * handlers first, and the next signal would kill it before it can exit with 0.
 */
function exit(): void {
  // biome-ignore lint/nursery/noProcessExit: see above.
  process.exit()
}
